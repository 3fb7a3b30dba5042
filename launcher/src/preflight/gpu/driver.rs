//! The driver: its part in the kernel, and its library in the container.

use super::Container;

/// Where the dynamic linker, the NVIDIA Container Toolkit, GKE and WSL have the driver's libraries.
const FOLDERS: [&str; 9] = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/lib64",
    "/usr/lib",
    "/usr/local/nvidia/lib64",
    "/usr/local/nvidia/lib",
    "/usr/lib/wsl/lib",
    "/usr/lib/x86_64-linux-gnu/nvidia/current",
];

/// What is known of the driver.
#[derive(Debug)]
pub struct Driver {
    /// Version of the host's part, `535.183.01`: containers see it even where they have no GPU.
    pub kernel: Option<String>,
    /// The library, when it is there.
    pub library: Option<Library>,
}

/// `libcuda.so.1`.
#[derive(Debug)]
pub struct Library {
    /// Its version, when the file beside it has it in its name: `libcuda.so.535.183.01`.
    pub version: Option<String>,
}

impl Driver {
    /// What a container shows of it.
    pub fn of(container: &Container) -> Self {
        Self {
            kernel: kernel(container),
            library: folders(container)
                .iter()
                .find_map(|folder| library(folder, container)),
        }
    }

    /// The version that decides which CUDA runs: the library's, which may be newer than the host's part (the packages
    /// `cuda-compat-*` of NVIDIA).
    pub fn version(&self) -> Option<&str> {
        let library = self
            .library
            .as_ref()
            .and_then(|library| library.version.as_deref());
        library.or(self.kernel.as_deref())
    }
}

/// Whether a version is below another, number by number: 535.9 is below 535.104.05.
pub fn is_older(version: &str, than: &str) -> bool {
    let numbers = |text: &str| -> Vec<u32> {
        text.split('.')
            .map(|number| number.parse().unwrap_or(0))
            .collect()
    };
    numbers(version) < numbers(than)
}

/// The first version number of `NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  …`.
fn kernel(container: &Container) -> Option<String> {
    let text = container.read("/proc/driver/nvidia/version")?;
    let line = text.lines().find(|line| line.starts_with("NVRM version:"))?;
    line.split_whitespace()
        .find(|word| is_version(word))
        .map(str::to_owned)
}

fn library(folder: &str, container: &Container) -> Option<Library> {
    if !is_loadable(&format!("{folder}/libcuda.so.1"), container) {
        return None;
    }
    let names = container.names(folder);
    let mut versions = names.iter().filter_map(|name| name.strip_prefix("libcuda.so."));
    Some(Library {
        version: versions.find(|version| is_version(version)).map(str::to_owned),
    })
}

/// Whether a file is a library for this machine: the dynamic linker passes over all others, such as the 32-bit ones beside them.
/// Class and machine are those of elf(5): `EI_CLASS`, `e_machine`.
fn is_loadable(path: &str, container: &Container) -> bool {
    const MACHINE: u8 = if cfg!(target_arch = "aarch64") { 183 } else { 62 };
    let head = container.head(path, 20).unwrap_or_default();
    head.starts_with(b"\x7fELF\x02") && head.get(18..20) == Some(&[MACHINE, 0])
}

fn is_version(word: &str) -> bool {
    word.contains('.')
        && word.chars().all(|c| c.is_ascii_digit() || c == '.')
        && word.starts_with(|c: char| c.is_ascii_digit())
}

/// In the linker's order: its variable, its configuration, its defaults.
fn folders(container: &Container) -> Vec<String> {
    let path = container.env("LD_LIBRARY_PATH").unwrap_or_default();
    let mut folders: Vec<String> = path
        .split(':')
        .filter(|folder| folder.starts_with('/'))
        .map(str::to_owned)
        .collect();
    for name in container.names("/etc/ld.so.conf.d") {
        let text = container
            .read(&format!("/etc/ld.so.conf.d/{name}"))
            .unwrap_or_default();
        folders.extend(
            text.lines()
                .filter(|line| line.starts_with('/'))
                .map(str::to_owned),
        );
    }
    folders.extend(FOLDERS.map(str::to_owned));
    folders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(is_older("535.9", "535.104.05"));
        assert!(is_older("525.60.13", "570.26"));
        assert!(!is_older("570.26", "570.26"));
        assert!(!is_older("1000.1", "570.26"));
    }

    #[test]
    fn the_open_kernel_module_is_read_too() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("proc/driver/nvidia/version");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        let text = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build\nGCC version:  gcc 12.2.0\n";
        std::fs::write(&file, text).unwrap();
        let driver = Driver::of(&Container::at(folder.path(), &[]));
        assert_eq!(driver.version(), Some("570.86.15"));
        std::fs::write(&file, "").unwrap();
        assert_eq!(Driver::of(&Container::at(folder.path(), &[])).kernel, None);
    }

    #[test]
    fn the_linkers_own_configuration_names_folders() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("etc/ld.so.conf.d")).unwrap();
        std::fs::create_dir_all(root.join("opt/nvidia")).unwrap();
        std::fs::write(
            root.join("etc/ld.so.conf.d/00-nvcr.conf"),
            "# by nvidia-ctk\n/opt/nvidia\n",
        )
        .unwrap();
        let library = root.join("opt/nvidia/libcuda.so.1");
        let is_found = || Driver::of(&Container::at(root, &[])).library.is_some();
        // This test itself is for this machine.
        let mut own = std::fs::read(std::env::current_exe().unwrap()).unwrap();
        own.truncate(20);
        std::fs::write(&library, &own).unwrap();
        assert!(is_found());
        own[4] = 1;
        std::fs::write(&library, &own).unwrap();
        assert!(!is_found(), "one of 32 bits");
        std::fs::write(&library, "").unwrap();
        assert!(!is_found());
    }
}
