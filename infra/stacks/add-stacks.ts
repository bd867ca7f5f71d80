import { type App, Tags } from 'aws-cdk-lib';
import { DomainAliases } from '../constructs/domain-aliases.ts';
import type { DeploymentOptions } from '../options/deployment-options.ts';
import { reservedConcurrency } from '../options/reserved-concurrency.ts';
import { ConsoleStack } from './console-stack.ts';
import { DataStack } from './data-stack.ts';
import { EgressStack } from './egress-stack.ts';
import { ServiceStack, type ServiceSurroundings } from './service-stack.ts';
import { SignInStack } from './sign-in-stack.ts';

/** One stage of Mailhaul: its stacks, in an account and a region that the CDK's command line says. */
export function addStacks(app: App, options: DeploymentOptions): void {
  const { stage, consoleFolder, issuer, audience, hostedZoneId, hostedZoneName } = options;
  const name = (part: string): string => `mailhaul-${stage}-${part}`;
  const props = (description: string) => ({
    description: `Mailhaul (${stage}): ${description}`,
    terminationProtection: options.removal === 'retain',
  });
  const reserved = reservedConcurrency(options);
  const aliases =
    hostedZoneId === undefined || hostedZoneName === undefined
      ? undefined
      : new DomainAliases({ hostedZoneId, zoneName: hostedZoneName });

  const data = new DataStack(app, name('data'), options, props('table, keys, queues'));
  const vpc =
    options.egress === 'static'
      ? new EgressStack(app, name('egress'), options, props('addresses of connections to mail servers')).vpc
      : undefined;
  const console =
    consoleFolder === undefined
      ? undefined
      : new ConsoleStack(app, name('console'), { ...options, consoleFolder, aliases }, props('web console'));
  const signIn: ServiceSurroundings['signIn'] =
    issuer === undefined || audience === undefined
      ? new SignInStack(
          app,
          name('sign-in'),
          { ...options, consoleAddress: console?.address, reserved },
          props('users and their sign-in'),
        )
      : { issuer, audience };
  new ServiceStack(
    app,
    name('service'),
    { ...options, reserved },
    { data, signIn, vpc, console, aliases },
    props('API, functions, timers, alarms'),
  );
  Tags.of(app).add('mailhaul:stage', stage);
}
