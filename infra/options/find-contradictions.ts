import type { DeploymentOptions } from './deployment-options.ts';

type Option = keyof DeploymentOptions;

interface Contradiction {
  /** The one to be given, or to be changed. */
  readonly option: Option;
  readonly message: string;
}

/** Options that only make sense together; the first one asks for the others. */
const TOGETHER: ReadonlyArray<readonly [Option, ...Option[]]> = [
  ['issuer', 'audience'],
  ['audience', 'issuer'],
  ['apiDomain', 'apiCertificate'],
  ['apiCertificate', 'apiDomain'],
  ['consoleDomain', 'consoleCertificate', 'consoleFolder'],
  ['consoleCertificate', 'consoleDomain'],
  ['hostedZoneId', 'hostedZoneName'],
  ['hostedZoneName', 'hostedZoneId'],
];

/** What each option by itself does not show: that another is missing, or makes it mean nothing. */
export function findContradictions(options: DeploymentOptions): readonly Contradiction[] {
  return [...alone(options), ...withoutMeaning(options), ...outOfPlace(options)];
}

function alone(options: DeploymentOptions): Contradiction[] {
  return TOGETHER.filter(([option]) => options[option] !== undefined).flatMap(([option, ...others]) =>
    others
      .filter((other) => options[other] === undefined)
      .map((other) => ({ option: other, message: `Give it too, for mailhaul:${option} is given.` })),
  );
}

function withoutMeaning(options: DeploymentOptions): Contradiction[] {
  const found: Contradiction[] = [];
  if (options.egress === 'shared' && (options.interfaceEndpoints || options.egressAddresses > 1)) {
    found.push({
      option: 'egress',
      message: 'Write static: without it there is no network to have addresses or endpoints.',
    });
  }
  if (options.issuer !== undefined && options.signInDomain !== undefined) {
    found.push({
      option: 'signInDomain',
      message: 'Leave it out: with mailhaul:issuer there are no sign-in pages here.',
    });
  }
  return found;
}

function outOfPlace({ hostedZoneName, apiDomain, consoleDomain }: DeploymentOptions): Contradiction[] {
  const found: Contradiction[] = [];
  for (const [option, domain] of Object.entries({ apiDomain, consoleDomain })) {
    if (domain === undefined || hostedZoneName === undefined) continue;
    if (domain === hostedZoneName || domain.endsWith(`.${hostedZoneName}`)) continue;
    const message = `Write a name in the zone ${hostedZoneName}, or leave the zone out and enter the name yourself.`;
    found.push({ option: option as 'apiDomain' | 'consoleDomain', message });
  }
  if (apiDomain !== undefined && apiDomain === consoleDomain) {
    found.push({ option: 'consoleDomain', message: 'Write another name: this one is that of the API.' });
  }
  return found;
}
