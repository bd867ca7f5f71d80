/** How an application shows the sign-in service that it is the one that was registered. */
export type ClientAuthentication =
  /** It cannot keep a secret, such as a program on somebody's machine (RFC 6749 2.1). */
  | { readonly kind: 'none' }
  | { readonly kind: 'secret'; readonly clientSecret: string }
  /** A statement signed with the key of a certificate (RFC 7523 2.2). */
  | { readonly kind: 'certificate'; readonly privateKey: string; readonly thumbprint: string };

interface TokenEndpoint {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

/** What a token is asked for with; all of it, secrets included, so held in memory only. */
export type OAuthGrant =
  | (TokenEndpoint & {
      readonly kind: 'client-credentials';
      readonly authentication: ClientAuthentication;
    })
  | (TokenEndpoint & {
      readonly kind: 'refresh-token';
      readonly authentication: ClientAuthentication;
      readonly refreshToken: string;
    })
  | (TokenEndpoint & {
      /** What a user has just consented to (RFC 6749 4.1, RFC 7636). */
      readonly kind: 'authorization-code';
      readonly authentication: ClientAuthentication;
      readonly code: string;
      readonly redirectUri: string;
      readonly codeVerifier: string;
      /** Who vouches for the user's identity, where the service is one of OpenID Connect. */
      readonly identity?: { readonly issuer: string; readonly nonce: string };
    })
  | (TokenEndpoint & {
      /** Acts for a user of its organisation (RFC 7523 2.1, Google's domain-wide delegation). */
      readonly kind: 'service-account';
      /** PKCS #8, PEM. */
      readonly privateKey: string;
      readonly keyId?: string;
      readonly subject: string;
    });

/** What the sign-in service gave. */
export interface GrantedToken {
  readonly accessToken: string;
  /** Ms since the epoch by our clock. */
  readonly expiresAt: number;
  /** In place of the old one, from services that change it each time. */
  readonly refreshToken?: string;
  /** What was granted, where that is not just what was asked for (RFC 6749 5.1). */
  readonly scopes?: readonly string[];
  /** Addresses of the user who consented, by OpenID Connect; missing where nobody vouches for one. */
  readonly addresses?: readonly string[];
}
