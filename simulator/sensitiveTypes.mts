import type { Answer } from './answer.mts';
import { apiErrors } from './apiErrors.mts';

/** https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference#retrieve-resource-friendly-names */
const NAMES: ReadonlyArray<{ id: string; en: string; de: string; es: string }> = [
	{
		id: '50842eb7-edc8-4019-85dd-5a5c1f2bb085',
		en: 'Credit Card Number',
		de: 'Kreditkartennummer',
		es: 'Número de tarjeta de crédito',
	},
	{
		id: '0e9b3178-9678-47dd-a509-37222ca96b42',
		en: 'EU Debit Card Number',
		de: 'EU-Debitkartennummer',
		es: 'Número de tarjeta de débito de la UE',
	},
	{
		id: 'a44669fe-0d48-453d-a9b1-2cc83f2cba77',
		en: 'U.S. Social Security Number (SSN)',
		de: 'US-Sozialversicherungsnummer (SSN)',
		es: 'Número de la seguridad social de Estados Unidos (SSN)',
	},
	{
		id: 'e7dc4711-11b7-4cb0-b88b-2c394a771f0e',
		en: 'International Banking Account Number (IBAN)',
		de: 'Internationale Bankkontonummer (IBAN)',
		es: 'Número de cuenta bancaria internacional (IBAN)',
	},
];

const LANGUAGE_TAG = /^[a-z]{2,3}(-[a-z\d]{2,8})*$/i;

/** `GET resources/dlpSensitiveTypes`: English unless `Accept-Language` names one language it knows. */
export function answerSensitiveTypes(acceptLanguage: string | undefined): Answer {
	const wanted = (acceptLanguage ?? '').trim();
	if (wanted.includes(',')) return apiErrors.severalLanguages();
	const tag = wanted.split(';')[0] as string;
	if (tag !== '' && tag !== '*' && !LANGUAGE_TAG.test(tag)) return apiErrors.languageSyntax();
	const primary = tag.slice(0, 2).toLowerCase();
	const language = primary === 'de' || primary === 'es' ? primary : 'en';
	return {
		status: 200,
		body: NAMES.map((entry) => ({ id: entry.id, name: entry[language] })),
		why: `${NAMES.length} sensitive types in ${language}`,
	};
}
