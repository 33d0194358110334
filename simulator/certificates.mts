import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import {
	BasicConstraintsExtension,
	ExtendedKeyUsage,
	ExtendedKeyUsageExtension,
	KeyUsageFlags,
	KeyUsagesExtension,
	PemConverter,
	SubjectAlternativeNameExtension,
	X509CertificateGenerator,
} from '@peculiar/x509';
import { API_HOSTS } from './hosts.mts';

export interface Certificates {
	/** All PEM. */
	certificateAuthority: string;
	certificate: string;
	key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const LOGIN_HOSTS = ['login.microsoftonline.com', 'login.microsoftonline.us', 'login.windows.net'];
const VALID_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

/** A certificate authority of its own, and by it a certificate for loopback and the names of Microsoft's hosts. */
export async function createCertificates(): Promise<Certificates> {
	const notBefore = new Date(Date.now() - DAY_MS);
	const notAfter = new Date(Date.now() + VALID_DAYS * DAY_MS);
	const authorityKeys = await generateKeys();
	const authority = await X509CertificateGenerator.createSelfSigned({
		name: 'CN=Simulated tenant certificate authority',
		notBefore,
		notAfter,
		keys: authorityKeys,
		signingAlgorithm: ALGORITHM,
		extensions: [
			new BasicConstraintsExtension(true, 0, true),
			new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
		],
	});
	const keys = await generateKeys();
	const certificate = await X509CertificateGenerator.create({
		subject: 'CN=localhost',
		issuer: authority.subject,
		notBefore,
		notAfter,
		publicKey: keys.publicKey,
		signingKey: authorityKeys.privateKey,
		signingAlgorithm: ALGORITHM,
		extensions: [
			new BasicConstraintsExtension(false),
			new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
			new SubjectAlternativeNameExtension([
				{ type: 'ip', value: '127.0.0.1' },
				{ type: 'ip', value: '::1' },
				...['localhost', ...API_HOSTS, ...LOGIN_HOSTS].map((value) => ({
					type: 'dns' as const,
					value,
				})),
			]),
		],
	});
	return {
		certificateAuthority: authority.toString('pem'),
		certificate: certificate.toString('pem'),
		key: PemConverter.encode(
			await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
			'PRIVATE KEY',
		),
	};
}

async function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
	return (await webcrypto.subtle.generateKey(ALGORITHM, true, [
		'sign',
		'verify',
	])) as webcrypto.CryptoKeyPair;
}
