// Plain old JavaScript, because it has to run on any Node to say that it is too old.
const major = Number(process.versions.node.split('.')[0]);
if (major < 24) {
  console.error(
    'topichub needs Node 24 or later; this is ' +
      process.version +
      '. Install Node 24, or on Linux (x64, arm64) run "npm ci" without omitting optional packages, which brings it along.',
  );
  process.exit(1);
}
