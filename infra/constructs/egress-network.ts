import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import {
  CfnEIP,
  GatewayVpcEndpointAwsService,
  type IVpc,
  InterfaceVpcEndpointAwsService,
  NatProvider,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** A network whose connections to mail servers come from addresses that do not change, for their lists of friends. */
export class EgressNetwork extends Construct {
  readonly vpc: IVpc;
  readonly addresses: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    options: { readonly addresses: number; readonly interfaceEndpoints: boolean },
  ) {
    super(scope, id);
    const elasticIps = Array.from({ length: options.addresses }, (_, n) => {
      const address = new CfnEIP(this, `Address${n + 1}`, { domain: 'vpc' });
      // others have written it into their firewalls
      address.applyRemovalPolicy(RemovalPolicy.RETAIN);
      return address;
    });
    this.addresses = elasticIps.map((address) => address.attrPublicIp);
    const vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: options.addresses,
      natGatewayProvider: NatProvider.gateway({
        eipAllocationIds: elasticIps.map((address) => address.attrAllocationId),
      }),
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'Way-out', subnetType: SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
        { name: 'Functions', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
      // what goes to the table does not pay for the way through the NAT gateway
      gatewayEndpoints: { Table: { service: GatewayVpcEndpointAwsService.DYNAMODB } },
    });
    this.vpc = vpc as IVpc; // the CDK's own types are not made for exactOptionalPropertyTypes
    acknowledge(vpc, {
      VPC7: 'All that runs here are the functions, which log what they do; a flow log would cost more than the rest at rest.',
    });
    if (options.interfaceEndpoints) {
      for (const [name, service] of Object.entries({
        Queues: InterfaceVpcEndpointAwsService.SQS,
        Secrets: InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
      })) {
        acknowledge(vpc.addInterfaceEndpoint(name, { service }), {
          EC23: 'Open to the network itself, whose range cdk-nag cannot see before it exists.',
        });
      }
    }
    new CfnOutput(this, 'EgressAddresses', { value: this.addresses.join(',') }).overrideLogicalId(
      'EgressAddresses',
    );
  }
}
