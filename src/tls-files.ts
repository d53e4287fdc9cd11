import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, rootCertificates } from 'node:tls';
import { SuiteError } from './errors.ts';

/** Files that say whom a connection trusts, and who it is. */
export interface TlsFiles {
  /** File with a PEM certificate authority to trust besides the usual ones. */
  caFile?: string | undefined;
  /** Files with a PEM certificate and its key, for servers that ask for one. */
  certFile?: string | undefined;
  keyFile?: string | undefined;
}

/** What those files hold, as Node's TLS takes it. */
export interface Tls {
  ca?: string[];
  cert?: string;
  key?: string;
}

/**
 * Reads the files and looks whether they hold what they must: Node passes over an authority that it cannot read.
 * @throws SuiteError that names the variable of a file that cannot be used, and what to do
 */
export function tlsOf({ caFile, certFile, keyFile }: TlsFiles): Tls {
  const ca = caFile ? read('TLS_CA_FILE', caFile) : undefined;
  const cert = certFile ? read('TLS_CERT_FILE', certFile) : undefined;
  const key = keyFile ? read('TLS_KEY_FILE', keyFile) : undefined;
  if (ca !== undefined) certificates('TLS_CA_FILE', caFile ?? '', ca);
  const [own] = cert === undefined ? [] : certificates('TLS_CERT_FILE', certFile ?? '', cert);
  const secret = key === undefined ? undefined : privateKey(keyFile ?? '', key);
  if (own && secret && !own.checkPrivateKey(secret))
    throw new SuiteError(`TLS_KEY_FILE: ${keyFile ?? ''} is not the key of the certificate in TLS_CERT_FILE`);
  const tls: Tls = {
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
  if (Object.keys(tls).length > 0) usable(tls);
  return tls;
}

function read(variable: string, file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new SuiteError(`${variable}: ${file} cannot be read (${code}); give the path of a PEM file`);
  }
  if (!text.includes('-----BEGIN ')) throw new SuiteError(`${variable}: ${file} is not a PEM file (no BEGIN line)`);
  return text;
}

const BLOCK = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[^-]*-----END \1-----/g;

/** The certificates of a PEM file. @throws SuiteError where there is none, or one that is none */
function certificates(variable: string, file: string, text: string): X509Certificate[] {
  const begun = text.split('CERTIFICATE-----').length - 1;
  const blocks = text.match(BLOCK) ?? [];
  try {
    if (blocks.length > 0 && blocks.length * 2 === begun) return blocks.map((block) => new X509Certificate(block));
  } catch {
    // Said below, as of one that is cut short.
  }
  const what = begun === 0 ? 'holds no certificate' : 'holds a certificate that cannot be read: is it cut short?';
  throw new SuiteError(
    `${variable}: ${file} ${what}; give a PEM file with BEGIN CERTIFICATE and END CERTIFICATE lines`,
  );
}

function privateKey(file: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch (error) {
    const locked = (error as NodeJS.ErrnoException).code === 'ERR_MISSING_PASSPHRASE';
    const what = locked ? 'is locked by a passphrase: give it without one' : 'holds no private key that can be read';
    throw new SuiteError(`TLS_KEY_FILE: ${file} ${what}`);
  }
}

/** What else Node does not take, such as a key that is too short. */
function usable(tls: Tls): void {
  try {
    createSecureContext(tls);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'error';
    throw new SuiteError(
      `TLS_CA_FILE, TLS_CERT_FILE or TLS_KEY_FILE cannot be used for TLS (${code}); give other PEM files`,
    );
  }
}
