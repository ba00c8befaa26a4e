// Bundle a test with the sources it tests: node build.mjs <test> <file to write>

import { build } from "esbuild";

await build({
  entryPoints: [process.argv[2]],
  outfile: process.argv[3],
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node18",
  logLevel: "warning",
});
