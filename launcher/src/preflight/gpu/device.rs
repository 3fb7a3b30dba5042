//! The GPUs of a container, from device nodes, the driver's folder and the bus.

use super::Container;

/// Below it the driver has a folder for each GPU, by its place on the bus.
const GPUS: &str = "/proc/driver/nvidia/gpus";

/// Compute capability by PCI device id: chips have blocks of 128 ids. Blocks and chips from the PCI ID database
/// (pci.ids of 2023-04-10) and for Blackwell from NVIDIA's gpu-admin-tools (`gpu/devid_chips.py`, read 2026-11), capabilities
/// from developer.nvidia.com/cuda-gpus. A chip that is not here is not judged.
const CHIPS: [(u16, u16, (u32, u32)); 14] = [
    (0x1580, 0x15ff, (6, 0)),  // GP100
    (0x1b00, 0x1d7f, (6, 1)),  // GP102 to GP108
    (0x1d80, 0x1dff, (7, 0)),  // GV100
    (0x1e00, 0x1fff, (7, 5)),  // TU102, TU104, TU106, TU117
    (0x2080, 0x20ff, (8, 0)),  // GA100
    (0x2180, 0x21ff, (7, 5)),  // TU116
    (0x2200, 0x227f, (8, 6)),  // GA102
    (0x2300, 0x237f, (9, 0)),  // GH100
    (0x2400, 0x25ff, (8, 6)),  // GA103, GA104, GA106, GA107
    (0x2680, 0x28ff, (8, 9)),  // AD102 to AD107
    (0x2900, 0x29ff, (10, 0)), // GB100, GB102
    (0x2b80, 0x2c7f, (12, 0)), // GB202, GB203
    (0x2d00, 0x2dff, (12, 0)), // GB206, GB207
    (0x2f00, 0x2f7f, (12, 0)), // GB205
];

/// A GPU that the container was given.
#[derive(Debug, PartialEq, Eq)]
pub struct Device {
    /// `NVIDIA H200`, in the driver's words.
    pub model: String,
    /// Nothing when the chip is not known.
    capability: Option<(u32, u32)>,
}

impl Device {
    /// Major and minor number of a capability that none of `archs` (`80`, `90a`, `100f`) has code for: code runs with the same
    /// major number and no greater minor one; on the very same with `a` (CUDA C++ Programming Guide, "Binary Compatibility").
    pub fn foreign_to(&self, archs: &[String]) -> Option<(u32, u32)> {
        let (major, minor) = self.capability?;
        let runs = archs
            .iter()
            .filter_map(|arch| numbers(arch))
            .any(|(of, least, exact)| of == major && if exact { least == minor } else { least <= minor });
        (!runs).then_some((major, minor))
    }

    /// A GPU of this name, for tests.
    #[cfg(test)]
    pub fn named(model: &str) -> Self {
        Self {
            model: model.into(),
            capability: None,
        }
    }
}

/// Major and minor number of `90a`, and whether it is for that one alone.
fn numbers(arch: &str) -> Option<(u32, u32, bool)> {
    let number: u32 = arch.trim_end_matches(['a', 'f']).parse().ok()?;
    Some((number / 10, number % 10, arch.ends_with('a')))
}

/// Whether the container was given a GPU: `/dev/nvidia0`, WSL's `/dev/dxg`, or the integrated one of a Jetson.
pub fn is_there(container: &Container) -> bool {
    let is_gpu = |name: &String| {
        minor(name).is_some() || ["dxg", "nvhost-gpu", "nvhost-ctrl-gpu"].contains(&name.as_str())
    };
    container.names("/dev").iter().any(is_gpu)
}

/// `0` of `nvidia0`.
fn minor(name: &str) -> Option<u32> {
    name.strip_prefix("nvidia")?.parse().ok()
}

/// The GPUs that the container was given; none where the driver does not tell of each of them.
pub fn devices(container: &Container) -> Vec<Device> {
    let nodes = container.names("/dev");
    let given: Vec<u32> = nodes.iter().filter_map(|name| minor(name)).collect();
    let buses = container.names(GPUS);
    let told: Vec<Device> = buses
        .iter()
        .filter_map(|bus| device(bus, &given, container))
        .collect();
    match told.len() == given.len() {
        true => told,
        false => Vec::new(),
    }
}

fn device(bus: &str, given: &[u32], container: &Container) -> Option<Device> {
    let text = container.read(&format!("{GPUS}/{bus}/information"))?;
    let field = |name: &str| {
        text.lines()
            .filter_map(|line| line.split_once(':'))
            .find_map(|(field, value)| (field == name).then(|| value.trim().to_owned()))
    };
    given
        .contains(&field("Device Minor")?.parse().ok()?)
        .then_some(())?;
    Some(Device {
        model: field("Model")?,
        capability: capability(bus, container),
    })
}

fn capability(bus: &str, container: &Container) -> Option<(u32, u32)> {
    let id = container.read(&format!("/sys/bus/pci/devices/{bus}/device"))?;
    let id = u16::from_str_radix(id.trim().strip_prefix("0x")?, 16).ok()?;
    let mut chips = CHIPS.iter();
    let (_, _, capability) = chips.find(|(first, last, _)| (*first..=*last).contains(&id))?;
    Some(*capability)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_runs_on_its_own_generation() {
        let runs = |capability, archs: &[&str]| {
            let archs: Vec<String> = archs.iter().map(ToString::to_string).collect();
            let model = String::new();
            let capability = Some(capability);
            Device { model, capability }.foreign_to(&archs).is_none()
        };
        assert!(runs((8, 9), &["80"]));
        assert!(!runs((8, 0), &["86"]));
        assert!(runs((9, 0), &["80", "90a"]));
        assert!(!runs((10, 0), &["90", "90a"]));
        assert!(!runs((12, 1), &["120a"]));
        assert!(runs((12, 1), &["120f"]));
        assert!(runs((12, 0), &["120"]));
    }

    #[test]
    fn blocks_of_chips_are_in_order_and_apart() {
        assert!(CHIPS.iter().all(|(first, last, _)| first < last));
        assert!(CHIPS.windows(2).all(|pair| pair[0].1 < pair[1].0));
    }

    #[test]
    fn only_what_the_container_was_given_is_judged() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: String, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        let chips = [("00", "0x2330", 0), ("01", "0x1eb8", 1), ("02", "0xffff", 2)];
        for (bus, id, minor) in chips {
            let text = format!("Model: \t\t GPU {minor}\nDevice Minor: \t {minor}\n");
            write(format!("proc/driver/nvidia/gpus/{bus}/information"), &text);
            write(format!("sys/bus/pci/devices/{bus}/device"), id);
        }
        write("dev/nvidia1".into(), "");
        write("dev/nvidia2".into(), "");
        write("dev/nvidiactl".into(), "");
        let container = Container::at(folder.path(), &[]);
        assert!(is_there(&container));
        let told = devices(&container);
        let told: Vec<_> = told
            .iter()
            .map(|device| (device.model.as_str(), device.capability))
            .collect();
        assert_eq!(told, [("GPU 1", Some((7, 5))), ("GPU 2", None)]);
        write("dev/nvidia7".into(), "");
        assert_eq!(devices(&container), [], "one that nothing is told of");
    }
}
