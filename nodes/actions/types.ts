import type { IExecuteFunctions, INodeExecutionData, INodeProperties, Logger } from 'n8n-workflow';

import type { Runtime } from '../feed/types';
import type { FeedClient } from '../transport/client';

/** What an operation works with, for one input item. */
export interface OperationContext {
	node: IExecuteFunctions;
	itemIndex: number;
	runtime: Runtime;
	logger: Pick<Logger, 'debug' | 'warn'>;
	/** Aborted when the execution is stopped, or the operation is done. */
	signal: AbortSignal;
	/** A client under this execution's cancel signal and the given limits. */
	client(limits?: { concurrency?: number; maxRequestsPerMinute?: number }): Promise<FeedClient>;
	/** A note beside the node's output and a warning in the log, which may say more. */
	hint(message: string, logged?: string): void;
}

/** One operation: its parameters and what it does. Listed in nodes/actions/registry.ts. */
export interface Operation {
	name: string;
	value: string;
	description: string;
	action: string;
	properties: INodeProperties[];
	/** @throws FeedFailure, InvalidFilter or n8n's own errors; the node class brings them into one form */
	execute(context: OperationContext): Promise<INodeExecutionData[]>;
}

export interface Resource {
	name: string;
	value: string;
	description: string;
	operations: Operation[];
}
