import { Stack, type StackProps } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { EgressNetwork } from '../constructs/egress-network.ts';
import type { DeploymentOptions } from '../options/deployment-options.ts';

/** The network with addresses that stay the same. A stack of its own, because others have written those down. */
export class EgressStack extends Stack {
  readonly vpc: IVpc;

  constructor(
    scope: Construct,
    id: string,
    options: Pick<DeploymentOptions, 'egressAddresses' | 'interfaceEndpoints'>,
    props: StackProps,
  ) {
    super(scope, id, props);
    this.vpc = new EgressNetwork(this, 'Network', {
      addresses: options.egressAddresses,
      interfaceEndpoints: options.interfaceEndpoints,
    }).vpc;
  }
}
