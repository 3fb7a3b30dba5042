//! What a host with NVIDIA's driver shows a container, made of a library of ours and of text files.
//!
//! Engines let nobody lay files below `/proc`, and NVIDIA's own runtime mounts them there with rights of its own; a container
//! of the tests gets the right to do that itself, and gives it up before its program starts.

use std::os::unix::fs::symlink;
use std::process::Command;

use crate::{Image, Output, Project, Run};

/// The part of the driver's library that tells what it is, with the types of NVIDIA's `cuda.h`.
const LIBCUDA: &str = "\
typedef int CUresult;
CUresult cuInit(unsigned int flags) { return flags ? 1 : 0; }
CUresult cuDriverGetVersion(int *version) { *version = 12080; return 0; }
CUresult cuDeviceGetCount(int *count) { *count = 1; return 0; }
";

/// Lays what the driver's part in the kernel shows over what this machine's kernel does, and becomes the program as user 1000.
const SHOW: &str = r#"mount --bind /host/driver /proc/driver
exec setpriv --reuid=1000 --regid=1000 --clear-groups --inh-caps=-all "$@""#;

/// A driver, and the GPUs of its host.
pub struct Gpus {
    files: Project,
    version: String,
    count: usize,
}

impl Gpus {
    /// A host without a GPU, with this version of the driver.
    pub fn with_driver(version: &str) -> Self {
        let files = Project::with(&[("cuda.c", LIBCUDA)]);
        for folder in ["lib", "host/driver/nvidia/gpus", "pci"] {
            std::fs::create_dir_all(files.file(folder)).expect("a folder");
        }
        let mut gpus = Self {
            files,
            version: String::new(),
            count: 0,
        };
        let mut cc = Command::new("cc");
        cc.args(["-shared", "-fPIC", "-Wl,-soname,libcuda.so.1", "-o"]);
        cc.arg(gpus.files.file("libcuda.so"))
            .arg(gpus.files.file("cuda.c"));
        Output::of(&mut cc).ok();
        gpus.update(version);
        gpus
    }

    /// Puts a GPU in: its name in the driver's words, and the number of its chip on the bus.
    pub fn add(&mut self, model: &str, chip: u16) {
        let (bus, minor) = (format!("0000:{:02x}:00.0", self.count + 1), self.count);
        let told = format!("Model: \t\t {model}\nBus Location: \t {bus}\nDevice Minor: \t {minor}\n");
        self.files
            .write(&format!("host/driver/nvidia/gpus/{bus}/information"), &told);
        self.files
            .write(&format!("pci/{bus}/device"), &format!("{chip:#06x}\n"));
        self.count += 1;
    }

    /// Puts another version of the driver in its place, as it is installed: the library's file has the version in its name, a
    /// link the name that programs load.
    pub fn update(&mut self, version: &str) {
        let library = |version: &str| self.files.file(&format!("lib/libcuda.so.{version}"));
        for old in [library(&self.version), library("1")] {
            let _ = std::fs::remove_file(old);
        }
        std::fs::copy(self.files.file("libcuda.so"), library(version)).expect("a library");
        symlink(format!("libcuda.so.{version}"), library("1")).expect("a link");
        let told = format!("NVRM version: NVIDIA UNIX x86_64 Kernel Module  {version}  Release Build\n");
        self.files.write("host/driver/nvidia/version", &told);
        self.version = version.to_owned();
    }

    /// The library, for tests that damage it.
    pub fn library(&self) -> std::path::PathBuf {
        self.files.file(&format!("lib/libcuda.so.{}", self.version))
    }

    /// The option that mounts the driver's libraries where nvidia/cuda's images look for them.
    pub fn libraries(&self) -> String {
        format!(
            "--volume={}:/usr/local/nvidia/lib64:ro",
            self.files.file("lib").display()
        )
    }

    /// The options that give a container a device node for each GPU, as the engine's own support of GPUs does. They lead nowhere.
    pub fn nodes(&self) -> impl Iterator<Item = String> {
        (0..self.count).map(|minor| format!("--device=/dev/null:/dev/nvidia{minor}"))
    }

    /// Runs an image as user 1000 in a container that sees all that the driver tells of the GPUs too.
    pub fn run(&self, image: &Image, options: &[String], args: &[&str]) -> Output {
        let volume =
            |folder: &str, at: &str| format!("--volume={}:{at}:ro", self.files.file(folder).display());
        let mut all: Vec<String> = self.nodes().chain([self.libraries()]).collect();
        all.extend(
            [
                "--user=0",
                "--cap-add=SYS_ADMIN",
                "--security-opt=apparmor=unconfined",
            ]
            .map(str::to_owned),
        );
        all.extend([volume("host", "/host"), volume("pci", "/sys/bus/pci/devices")]);
        all.extend_from_slice(options);
        let config = image.config();
        let entrypoint = config["Entrypoint"].as_array().into_iter().flatten();
        let words = entrypoint
            .filter_map(|word| word.as_str())
            .chain(args.iter().copied());
        let script = ["-c", SHOW, "sh"].into_iter();
        let args: Vec<String> = script.chain(words).map(str::to_owned).collect();
        image.run(&Run {
            entrypoint: Some("sh"),
            args: &args,
            options: &all,
        })
    }
}
