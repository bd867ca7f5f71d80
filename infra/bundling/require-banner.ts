/** Some libraries are CommonJS and ask for modules of node by `require`, which a module has not of itself. */
export const REQUIRE_BANNER =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";
