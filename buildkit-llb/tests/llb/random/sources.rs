use buildkit_llb::{Differ, Git, Http, Image, Local, OciLayout, Output, ResolveMode};

use super::{Random, meta};
use crate::graphs::CHECKSUM;

pub fn source(random: &mut Random) -> Output {
    let meta = meta(random);
    match random.below(5) {
        0 => image(random).output(meta),
        1 => local(random).output(meta),
        2 => git(random).output(meta),
        3 => http(random).output(meta),
        _ => oci_layout(random).output(meta),
    }
}

fn image(random: &mut Random) -> Image {
    Image {
        reference: random
            .pick(&["debian", "nvcr.io/nvidia/cuda:12", "localhost:5000/a/b"])
            .to_owned(),
        resolve_mode: random.pick(&[ResolveMode::Default, ResolveMode::Pull, ResolveMode::Local]),
        checksum: random.maybe(|_| CHECKSUM.to_owned()),
        layer_limit: random.maybe(Random::u32),
        record_type: random.maybe(Random::text),
    }
}

fn local(random: &mut Random) -> Local {
    Local {
        name: random.id(),
        session: Some(random.id()),
        unique: random.maybe(Random::text),
        follow_paths: random.some(3, Random::text),
        include_patterns: random.some(3, Random::text),
        exclude_patterns: random.some(3, Random::text),
        shared_key_hint: random.maybe(Random::text),
        differ: random.maybe(|random| random.pick(&[Differ::None, Differ::Metadata])),
    }
}

fn git(random: &mut Random) -> Git {
    Git {
        remote: random
            .pick(&[
                "https://example.com/a.git",
                "git@example.com:a.git",
                "example.com/a",
            ])
            .to_owned(),
        reference: random.maybe(Random::text),
        subdir: random.maybe(Random::path),
        keep_git_dir: random.flag(),
        auth_token_secret: random.maybe(Random::text),
        auth_header_secret: random.maybe(Random::text),
        known_ssh_hosts: random.maybe(Random::text),
        ssh_socket: random.maybe(Random::text),
        checksum: random.maybe(Random::text),
        skip_submodules: random.flag(),
    }
}

fn http(random: &mut Random) -> Http {
    Http {
        url: format!("https://example.com/{}", random.id()),
        checksum: random.maybe(|_| CHECKSUM.to_owned()),
        filename: random.maybe(Random::text),
        perm: random.maybe(|random| 1 + random.below(0o777) as u32),
        uid: random.maybe(Random::u32),
        gid: random.maybe(Random::u32),
        auth_header_secret: random.maybe(Random::text),
        headers: random
            .maybe(|random| ("accept".to_owned(), random.text()))
            .into_iter()
            .collect(),
    }
}

fn oci_layout(random: &mut Random) -> OciLayout {
    OciLayout {
        reference: format!("{}@{CHECKSUM}", random.id()),
        session: random.maybe(Random::text),
        store: random.maybe(Random::text),
        layer_limit: random.maybe(Random::u32),
    }
}
