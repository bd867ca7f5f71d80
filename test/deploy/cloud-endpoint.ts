/** Where the templates are deployed to. */
export interface CloudEndpoint {
  readonly url: string;
  readonly region: string;
  /** For programs that deploy there, and for the SDK. */
  readonly env: NodeJS.ProcessEnv;
  /** What it cannot do is left out of the templates: docs/deploy.md, "Deployment test". */
  readonly emulated: boolean;
  /** Ends it, if it was started for this test. Where its log is kept, if it is. */
  close(options: { readonly keepLog: boolean }): Promise<string | undefined>;
}
