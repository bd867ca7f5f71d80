/** Where the templates are deployed to. */
export interface CloudEndpoint {
  readonly url: string;
  readonly region: string;
  /** For programs that deploy there, and for the SDK. */
  readonly env: NodeJS.ProcessEnv;
  /** What it cannot do is left out of the templates: docs/deploy.md, "Deployment test". */
  readonly emulated: boolean;
  /** Keeps its log and what the functions said, and tells in which file; undefined if it was not started for this test. */
  keepLog(): Promise<string | undefined>;
  /** Ends it, if it was started for this test. */
  close(): Promise<void>;
}
