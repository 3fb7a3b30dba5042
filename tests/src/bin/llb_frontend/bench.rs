//! What every graph is built with.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use buildkit_llb::{Definition, Exec, Image, Meta, Mount, MountKind, NetworkMode, Output, Platform, Root};
use modelcrate::gateway::{
    Connection, Gateway, GatewayError, ImageRequest, Ref, ResolvedImage, Setup, Status, located_error,
};
use modelcrate::options::Options;

/// The image that commands run on; it has a shell.
const DEBIAN: &str = "docker.io/library/debian:bookworm-slim";

/// One build of the test frontend.
pub struct Bench {
    pub gateway: Gateway,
    pub options: Options,
    /// [`DEBIAN`] as the engine resolved it.
    pub debian: ResolvedImage,
    /// The digests of all vertices that were solved.
    pub vertices: RefCell<BTreeSet<String>>,
}

impl Bench {
    /// Connects, and resolves the image that commands run on.
    pub async fn open(connection: &Connection, variables: Vec<(String, String)>) -> Result<Self, Status> {
        let options =
            Options::from_env(variables).map_err(|errors| located_error(errors.to_string(), &[]))?;
        let gateway = connection
            .ping(Setup::from(&options))
            .await
            .map_err(GatewayError::into_status)?;
        let request = ImageRequest {
            reference: DEBIAN.to_owned(),
            log_name: format!("[internal] load metadata for {DEBIAN}"),
            ..ImageRequest::default()
        };
        let debian = gateway
            .resolve_image(&request)
            .await
            .map_err(GatewayError::into_status)?;
        Ok(Self {
            gateway,
            options,
            debian,
            vertices: RefCell::default(),
        })
    }

    /// Has the engine make an output; its vertices are remembered for the answer.
    pub async fn solve(&self, output: &Output, evaluate: bool) -> Result<Ref, Status> {
        let definition = Definition::new(output).map_err(|error| located_error(error.to_string(), &[]))?;
        let digests = definition.as_pb().metadata.keys().cloned();
        self.vertices.borrow_mut().extend(digests);
        let solved = self.gateway.solve(&definition, evaluate).await;
        solved.map_err(GatewayError::into_status)
    }

    /// A build argument; empty if it was not given.
    pub fn arg(&self, name: &str) -> &str {
        self.options
            .build_args
            .get(name)
            .map(String::as_str)
            .unwrap_or_default()
    }

    /// An image to run commands on.
    pub fn debian(&self) -> Output {
        Image {
            reference: self.debian.pinned(),
            ..Image::default()
        }
        .output(self.native("debian"))
    }

    /// A vertex of this name; the nonce tells it from those of builds that run at once.
    pub fn named(&self, name: &str) -> Meta {
        Meta {
            name: Some(format!("graph {}: {name}", self.arg("NONCE"))),
            ..Meta::default()
        }
    }

    /// A vertex of this name that is for the platform that the build runs on.
    pub fn native(&self, name: &str) -> Meta {
        Meta {
            platform: Some(self.platform()),
            ..self.named(name)
        }
    }

    /// The platform that the build runs on.
    pub fn platform(&self) -> Platform {
        self.gateway.build_platform().clone()
    }

    /// A script that ends at its first failing line; `no COMMAND` fails if the command does not. The nonce makes it run
    /// in each build.
    pub fn shell(&self, script: &str) -> Exec {
        let script = format!("no() {{ if \"$@\"; then return 1; fi; }}; {script}");
        Exec {
            root: Root {
                input: Some(self.debian()),
                ..Root::default()
            },
            args: ["/bin/sh", "-euxc", &script].map(str::to_owned).to_vec(),
            env: vec![("NONCE".to_owned(), self.arg("NONCE").to_owned())],
            cwd: "/".to_owned(),
            network: NetworkMode::None,
            ..Exec::default()
        }
    }

    /// Runs the script: what the root is after it.
    pub fn run(&self, name: &str, exec: Exec) -> Result<Output, String> {
        exec.outputs(self.native(name))
            .root()
            .ok_or_else(|| format!("{name}: the root is no output"))
    }

    /// A script that looks at `subject`, which is at `/in`.
    pub fn look(&self, name: &str, subject: Output, script: &str) -> Result<Output, String> {
        let mounts = vec![Mount {
            dest: "/in".to_owned(),
            kind: MountKind::readonly(subject),
        }];
        self.run(
            name,
            Exec {
                mounts,
                ..self.shell(script)
            },
        )
    }

    /// The client's session.
    pub fn session(&self) -> Option<String> {
        Some(self.options.session.clone())
    }

    /// The named contexts, as the client gave them.
    pub fn contexts(&self) -> &BTreeMap<String, String> {
        &self.options.context.named
    }
}
