//! Every op of `buildkit-llb` that the engine can run, solved for real through modelcrate's gateway client.
//!
//! The graphs are those of the test frontend (`src/bin/llb_frontend`): each fails by itself if an op did anything else
//! than it says. Every one that is made must also show the same digests on both sides: those that `buildkit-llb`
//! computed and those of the vertices that the engine ran.
//!
//! BuildKit's own tests of gateways and frontends, as far as they apply, and where ours of the same name are. `unit` is
//! beside the code of `frontend/src` and `buildkit-llb/src`, against an engine that the test plays.
//!
//! | BuildKit's test | ours |
//! |---|---|
//! | testReturnNil, testRefReadFile, testRefReadDir, testRefStatFile, testRefEvaluate, testClientGatewayEmptySolve, testClientGatewayFailedSolve, testFrontendEvaluate | `llb::reads`, unit `gateway` |
//! | testFrontendInputs, testNamedInputContext | `options::contexts::named_input_context`, unit `context` |
//! | testFrontendSubrequests | `options::image::frontend_subrequests`, unit `options` |
//! | testFrontendMetadataReturn | every solve of `llb`: `frontend.vertices` |
//! | testValidateNullConfig, testValidateInvalidConfig, testValidatePlatformsEmpty, testValidatePlatformsInvalid | unit `gateway::result` |
//! | testFrontendVerifyPlatforms, testExportMultiPlatform, testPlatformArgsExplicit | `options::image::platform` |
//! | testWarnings, testWarningsBeforeError, testErrorsSourceMap, testTargetMistype | `errors` |
//! | testSourceMap | `llb::metadata::source_map` |
//! | testSymlinkedDockerfile, testDockerfileFromGit, testGitQueryString, testDockerfileFromHTTP, testHTTPDockerfile, testTarContext, testTarContextExternalDockerfile | `options::remote` |
//! | testDockerfileLowercase, testLocalCustomSessionID, testSourcePolicyWithNamedContext, testNamedImageContextPlatform, testNamedImageContextScratch | unit `context` |
//! | testDockerignore, testDockerignoreInvalid, testDockerignoreOverride, testCopyIgnoredFiles | `options::ignore` |
//! | testNamedImageContext, testNamedLocalContext, testNamedFilteredContext, testNamedOCILayoutContext, testEagerNamedContextLookup | `options::contexts` |
//! | testNoCache, testCacheMountModeNoCache | `options::cache` |
//! | testShmSize, testUlimit, testRunDefaultNetwork, testRunNoNetwork, testRunHostNetwork, testRunGlobalNetwork, testDockerfileCheckHostname, testBuiltinArgs | `options::steps`, `llb::exec` |
//! | testRunSecurity*, testDeviceRunEnv | `llb::exec` |
//! | testLabels, testGlobalArg, testEmptyStringArgInEnv, testSourceDateEpoch | `options::image` |
//! | testMountTmpfs, testMountTmpfsSize, testMountRWCache, testCacheMountParallel, testSecretFileParams, testSecretRequiredWithoutValue, testSSHSocketParams | `llb::mounts` |
//! | testSecretAsEnviron | `llb::exec::secret_as_environ`, `options::steps` |
//! | testAddChecksum, testAddGitChecksumCache, testBuildHTTPSource, testBuildHTTPSourceAuthHeaderSecret, testBuildHTTPSourceHeader | `llb::sources` |

mod exec;
mod files;
mod layers;
mod metadata;
mod mounts;
mod reads;
mod solve;
mod sources;
