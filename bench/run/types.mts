import type { Load } from '../load/types.mts';
import type { TenantConnection } from '../tenant/types.mts';

/** What a contestant may be told besides where the tenant is. */
export interface RunSettings {
	/** HTTP Request's batching: items per batch and the pause between batches, in milliseconds. */
	batch?: { size: number; intervalMs: number };
	/** Our option of that name. Without it, what the node does by itself. */
	maxRequestsPerMinute?: number;
	/** Our option of that name; for the floor, how many requests run at the same time. */
	concurrency?: number;
	/** How many workflows run at the same time on the same tenant; each fetches everything. Default 1. */
	workflows?: number;
}

/** What the process of a contestant is asked to do. */
export interface RunOrder {
	contestant: string;
	load: Load;
	templatesFile: string;
	tenant: TenantConnection;
	/** A small tenant to run against once before anything is measured. */
	warmUp?: { tenant: TenantConnection; load: Load };
	settings: RunSettings;
	timeScale: number;
	epochMs: number;
}

/** What one run was measured to take. Memory in bytes. */
export interface Measured {
	wallMs: number;
	/** User and system time of the process. */
	cpuMs: number;
	rssBefore: number;
	/** The process's high-water mark. */
	rssPeak: number;
	/** What the collected heap and buffers held more than before, with the result still there. */
	heldBytes: number;
}

export interface RunAnswer {
	measured: Measured;
	/** Delivered events by index of the blob, and what is wrong with them. */
	perBlob: number[];
	events: number;
	problems: string[];
	/** The contestant gave up, in its own words; nothing was delivered. */
	failure?: string;
}
