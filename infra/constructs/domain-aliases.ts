import type { DomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, HostedZone, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties, CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';

/** Points names of the operator's hosted zone to what serves them. */
export class DomainAliases {
  readonly #zone: { readonly hostedZoneId: string; readonly zoneName: string };

  constructor(zone: { readonly hostedZoneId: string; readonly zoneName: string }) {
    this.#zone = zone;
  }

  ofApi(scope: Construct, name: string, domain: DomainName): void {
    const target = RecordTarget.fromAlias(
      new ApiGatewayv2DomainProperties(domain.regionalDomainName, domain.regionalHostedZoneId),
    );
    new ARecord(scope, 'Alias', { zone: this.#in(scope), recordName: `${name}.`, target });
  }

  ofDistribution(scope: Construct, name: string, distribution: IDistribution): void {
    const zone = this.#in(scope);
    const target = RecordTarget.fromAlias(new CloudFrontTarget(distribution));
    new ARecord(scope, 'Alias', { zone, recordName: `${name}.`, target });
    new AaaaRecord(scope, 'Alias6', { zone, recordName: `${name}.`, target });
  }

  #in(scope: Construct): IHostedZone {
    return HostedZone.fromHostedZoneAttributes(scope, 'Zone', this.#zone);
  }
}
