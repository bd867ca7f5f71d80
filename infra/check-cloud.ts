import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cdk from '../cdk.json' with { type: 'json' };
import { synthesise } from './synthesise.ts';

/**
 * `npm run check:cloud`: makes the templates of the plainest and of the fullest deployment, so that every finding of
 * cdk-nag comes up. Without bundles, which it would only wait for.
 */
const folder = mkdtempSync(join(tmpdir(), 'mailhaul-check-cloud-'));
const consoleFolder = join(folder, 'console');
mkdirSync(consoleFolder);
writeFileSync(join(consoleFolder, 'index.html'), '<!doctype html>');

const certificate = (region: string): string => `arn:aws:acm:${region}:123456789012:certificate/check`;
const VARIANTS = {
  plain: {},
  full: {
    'mailhaul:stage': 'full',
    'mailhaul:removal': 'destroy',
    'mailhaul:egress': 'static',
    'mailhaul:egressAddresses': 2,
    'mailhaul:interfaceEndpoints': true,
    'mailhaul:apiDomain': 'api.example.org',
    'mailhaul:apiCertificate': certificate('eu-central-1'),
    'mailhaul:consoleFolder': consoleFolder,
    'mailhaul:consoleDomain': 'migrate.example.org',
    'mailhaul:consoleCertificate': certificate('us-east-1'),
    'mailhaul:hostedZoneId': 'Z0123456789',
    'mailhaul:hostedZoneName': 'example.org',
    'mailhaul:alarmEmail': 'operator@example.org',
  },
  console: { 'mailhaul:consoleFolder': consoleFolder },
  ownIssuer: { 'mailhaul:issuer': 'https://sign-in.example.org/', 'mailhaul:audience': 'mailhaul' },
};

try {
  for (const [name, options] of Object.entries(VARIANTS)) {
    const context = { ...cdk.context, 'aws:cdk:bundling-stacks': [], ...options };
    synthesise({ context, outdir: join(folder, 'out', name) });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
