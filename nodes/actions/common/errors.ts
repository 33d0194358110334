import {
	NodeApiError,
	NodeOperationError,
	UserError,
	type INode,
	type JsonObject,
} from 'n8n-workflow';

import { FeedFailure } from '../../feed/failure';
import { InvalidFilter } from '../../feed/filters';
import { toText, withoutControls } from '../../feed/toText';
import { withoutTokens } from '../../transport/redact';

/** What others threw may hold a whole answer. */
const MAX_LENGTH = 1_000;

/**
 * Brings whatever an operation threw into one of n8n's error classes: what happened in `message`, what to do in
 * `description`. Nothing of the original request goes along: it holds the token.
 */
export function toNodeError(
	node: INode,
	thrown: unknown,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	if (thrown instanceof FeedFailure) return fromFailure(node, thrown, itemIndex);
	if (thrown instanceof NodeApiError || thrown instanceof NodeOperationError) return thrown;
	if (thrown instanceof InvalidFilter || thrown instanceof UserError) {
		return new NodeOperationError(node, thrown.message, {
			itemIndex,
			description: 'Correct the value and run the node again.',
		});
	}
	const said = toText(thrown instanceof Error ? thrown.message : thrown);
	const message = withoutControls(withoutTokens(said)).trim().slice(0, MAX_LENGTH);
	return new NodeOperationError(node, message || 'The node stopped without saying why', {
		itemIndex,
		description: 'This was not expected. Please report it with the n8n log lines around it.',
	});
}

function fromFailure(node: INode, failure: FeedFailure, itemIndex?: number) {
	const { message, advice, status, code } = failure;
	if (status === undefined) {
		const error = new NodeOperationError(node, message, { itemIndex, description: advice });
		// n8n replaces a message that holds a system code (ENOTFOUND …) by a sentence without the host.
		error.message = message;
		return error;
	}
	const response: JsonObject = { message, ...(code ? { code } : {}) };
	return new NodeApiError(node, response, {
		message,
		description: advice,
		httpCode: String(status),
		itemIndex,
	});
}
