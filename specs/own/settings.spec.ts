import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { validateEnvironment, variables } from '../../src/environment.ts';
import { misspelt } from '../../src/misspelt.ts';
import { checkFeatures } from '../../src/projects.ts';
import { choose, targetFiles, withAddresses } from '../../src/target.ts';
import { tlsOf } from '../../src/tls-files.ts';
import { counterexample } from './support/property.ts';

const NOTHING = '/nowhere/.env';
const told = (names: string[], file = NOTHING): string[] =>
  misspelt(file, Object.fromEntries(names.map((name) => [name, 'any'])));

test('a name that is nearly a setting, or has the prefix of one, is told once, with the nearest', ({}, info) => {
  const file = info.outputPath('.env');
  writeFileSync(file, 'PINGIDM_URLS=x\nEDITOR=vi\nSTRICT=true\nPINGIDM_ULR=y\n');
  expect(misspelt(file, { PINGIDM_ULR: 'y', ALLOW_WRITE: 'true' })).toEqual([
    ".env: PINGIDM_URLS is not a variable of this suite (did you mean 'PINGIDM_URL'?)",
    ".env: PINGIDM_ULR is not a variable of this suite (did you mean 'PINGIDM_URL'?)",
    "environment: ALLOW_WRITE is not a variable of this suite (did you mean 'ALLOW_WRITES'?)",
  ]);
  for (const [name, meant] of [
    ['PINGIDM_FEATURE', 'PINGIDM_FEATURES'],
    ['STRCIT', 'STRICT'],
    ['strict', 'STRICT'],
    ['TLS_CA_FLIE', 'TLS_CA_FILE'],
    ['pingone_environment_id', 'PINGONE_ENVIRONMENT_ID'],
    ['PINGDM_URL', 'PINGIDM_URL'],
    ['MAX_RSP', 'MAX_RPS'],
    ['ALOW_WRITE', 'ALLOW_WRITES'],
  ] as const)
    expect(told([name])).toEqual([`environment: ${name} is not a variable of this suite (did you mean '${meant}'?)`]);
  expect(told(['PINGONE_ZZZZZZZZZZ', 'OPENIDM_QQQQQQQQQ'])).toEqual([
    'environment: PINGONE_ZZZZZZZZZZ is not a variable of this suite',
    'environment: OPENIDM_QQQQQQQQQ is not a variable of this suite',
  ]);
});

test('any slip of two letters, or two that are exchanged, in the name of a setting is told', () => {
  const known = Object.keys(variables());
  const found = counterexample(
    fc.property(fc.constantFrom(...known), fc.nat(), (name, at) => {
      const place = at % (name.length - 1);
      const [a = '', b = ''] = [name[place], name[place + 1]];
      const slips = [
        name.slice(0, place) + b + a + name.slice(place + 2),
        name.slice(0, place) + name.slice(place + 1),
        name.slice(0, place) + a + name.slice(place),
      ];
      for (const slip of slips.filter((one) => !known.includes(one))) expect(told([slip])).toHaveLength(1);
    }),
  );
  expect(found).toBeUndefined();
});

test('the names of an ordinary environment are not told', () => {
  const ordinary = `PATH HOME USER SHELL TERM LANG PWD SHLVL EDITOR PAGER HOSTNAME LOGNAME TZ DISPLAY CI DEBUG NODE_ENV
    NODE_OPTIONS NODE_EXTRA_CA_CERTS HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy SSL_CERT_FILE SSL_CERT_DIR TLS_CERT TLS_KEY
    TARGETPLATFORM TARGETARCH TARGETOS BUILD_TARGET GITHUB_ACTIONS GITHUB_STEP_SUMMARY RUNNER_TEMP CI_JOB_ID BUILD_ID
    JAVA_HOME MAVEN_OPTS KUBECONFIG AWS_REGION AWS_SECRET_ACCESS_KEY DOCKER_HOST npm_config_cache npm_lifecycle_event
    PLAYWRIGHT_BROWSERS_PATH PINGFEDERATE_HOME PROVIDER TIMEOUT MAX_OLD_SPACE_SIZE PS1 OLDPWD MAIL XDG_RUNTIME_DIR`;
  expect(told(ordinary.split(/\s+/))).toEqual([]);
});

test('a feature that there is not is a mistake in the settings, with the one that is meant', () => {
  expect(() => checkFeatures('pingidm', { PINGIDM_FEATURES: 'session, sesion' })).toThrow(
    /^PINGIDM_FEATURES: there is no feature 'sesion' \(did you mean 'session'\?\); there are: .*session/,
  );
  expect(() => checkFeatures('pingidm', { PINGIDM_FEATURES: 'flows' })).toThrow("no feature 'flows'");
  expect(() => checkFeatures('pingone', { PINGONE_FEATURES: ' , ' })).toThrow('PINGONE_FEATURES: names no feature');
  expect(() => checkFeatures('pingone', validateEnvironment({}))).not.toThrow();
  const files = structuredClone({ mine: { ...targetFiles()['openidm'], line: undefined } });
  const mine = { ...files.mine, line: () => 7, value: { ...files.mine.value, features: ['sessions'] } };
  expect(() => checkFeatures('mine', {}, { mine } as unknown as ReturnType<typeof targetFiles>)).toThrow(
    /:7: features: there is no feature 'sessions'/,
  );
});

test('an address that a chosen target brings along stands for the variable', () => {
  const values = { PINGIDM_USER_USERNAME: 'anna', PINGIDM_USER_PASSWORD: 'any' };
  const wanted = 'before=pingidm@http://localhost:1,after=pingidm@http://localhost:2';
  expect(() => validateEnvironment(values)).toThrow('PINGIDM_URL is missing');
  const environment = validateEnvironment(withAddresses(values, wanted));
  expect(choose(environment, wanted)).toHaveLength(2);
  expect(withAddresses({ PINGIDM_URL: 'http://a' }, wanted)).toEqual({ PINGIDM_URL: 'http://a' });
  expect(withAddresses(values, undefined)).toEqual(values);
});

test('a file for TLS that cannot be used is told with its variable, and what to do', ({}, info) => {
  const at = (name: string): string => info.outputPath(name);
  const [key, cert, other] = [at('key.pem'), at('cert.pem'), at('other.pem')];
  const make = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=a'];
  execFileSync('openssl', [...make, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  execFileSync('openssl', ['genrsa', '-out', other, '2048'], { stdio: 'ignore' });
  const locked = ['pkey', '-in', key, '-aes256', '-passout', 'pass:any', '-out', at('locked.pem')];
  execFileSync('openssl', locked, { stdio: 'ignore' });
  const text = readFileSync(cert, 'utf8');
  writeFileSync(at('cut.pem'), text.slice(0, text.length / 2));
  writeFileSync(at('garbage.pem'), '-----BEGIN CERTIFICATE-----\nZ2FyYmFnZQ==\n-----END CERTIFICATE-----\n');
  writeFileSync(at('half.pem'), text + text.slice(0, 200));
  writeFileSync(at('text.pem'), 'no certificate');
  mkdirSync(at('folder'));
  expect(Object.keys(tlsOf({ caFile: cert, certFile: cert, keyFile: key }))).toEqual(['ca', 'cert', 'key']);
  for (const name of ['cut.pem', 'garbage.pem', 'half.pem', 'text.pem', 'folder', 'missing', 'key.pem']) {
    expect(() => tlsOf({ caFile: at(name) })).toThrow(/^TLS_CA_FILE: /);
    expect(() => tlsOf({ certFile: at(name), keyFile: key })).toThrow(/^TLS_CERT_FILE: /);
  }
  for (const name of ['text.pem', 'folder', 'missing', 'cert.pem', 'locked.pem', 'other.pem'])
    expect(() => tlsOf({ certFile: cert, keyFile: at(name) })).toThrow(/^TLS_KEY_FILE: /);
});
