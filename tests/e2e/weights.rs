//! The program that looks at weights, against files that the formats' own libraries write.

use std::path::Path;
use std::process::Command;

use modelcrate_tests::program::program;
use modelcrate_tests::pypi::{Environment, WEIGHTS};
use modelcrate_tests::{Output, Project};

/// Tensors of several types, an empty one, none at all; keys of several types.
const WRITE: &str = "\
import numpy, gguf
from safetensors.numpy import save_file
tensors = {'a': numpy.arange(6, dtype='float32').reshape(2, 3), 'none': numpy.zeros((0, 4), 'int8'), 'ü': numpy.ones(3, 'uint8')}
save_file(tensors, 'several.safetensors', metadata={'format': 'np', 'note': 'a \"quote\" and ü'})
save_file({}, 'empty.safetensors')
writer = gguf.GGUFWriter('real.gguf', 'llama')
writer.add_block_count(1)
writer.add_array('tokens', ['a', 'b'])
writer.add_tensor('t', numpy.ones((32,), 'float32'))
writer.write_header_to_file()
writer.write_kv_data_to_file()
writer.write_tensors_to_file()
writer.close()
";

/// What the library itself says of a file.
const READ: &str = "import sys\nfrom safetensors import safe_open\nsafe_open(sys.argv[1], 'np')\n";

#[test]
fn files_of_the_formats_own_libraries_pass_and_halves_of_them_do_not() {
    let python = Environment::with(WEIGHTS);
    let folder = Project::empty();
    let mut write = python.program("python");
    Output::of(write.args(["-c", WRITE]).current_dir(folder.path())).ok();
    let checker = program("checker");
    let look = |name: &str| {
        let mut look = Command::new(&checker);
        look.arg("--in")
            .arg(folder.path())
            .args(["--file", &format!(":{name}")]);
        Output::of(&mut look)
    };
    let by_library = |name: &Path| {
        let mut read = python.program("python");
        Output::of(read.args(["-c", READ]).arg(name)).code() == Some(0)
    };
    for name in ["several.safetensors", "empty.safetensors", "real.gguf"] {
        look(name).ok();
    }
    let whole = std::fs::read(folder.file("several.safetensors")).expect("a file");
    let mut moved = whole.clone();
    let offsets = b"data_offsets\":[";
    let at = moved.windows(offsets.len()).position(|part| part == offsets);
    moved[at.expect("offsets") + offsets.len()] = b'9';
    for (name, bytes, words) in [
        ("cut.safetensors", &whole[..whole.len() - 1], "bytes, and it has"),
        ("half.safetensors", &whole[..40], "it has no header"),
        (
            "more.safetensors",
            &[&whole[..], b"x"].concat(),
            "bytes, and it has",
        ),
        ("moved.safetensors", &moved[..], "its data"),
        (
            "page.safetensors",
            b"<!doctype html><title>log in</title>",
            "it has no header",
        ),
        (
            "cut.gguf",
            b"GGUF\x03\0\0\0",
            "its header is not that of a GGUF file",
        ),
    ] {
        std::fs::write(folder.file(name), bytes).expect("a file");
        let said = look(name);
        assert_eq!(said.code(), Some(6), "{name}: {}", said.stderr);
        assert!(said.stderr.contains(words), "{name}: {}", said.stderr);
        assert!(
            name.ends_with("gguf") || !by_library(&folder.file(name)),
            "the library reads {name}"
        );
    }
    assert!(by_library(&folder.file("several.safetensors")));
}
