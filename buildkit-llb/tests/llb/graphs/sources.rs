use buildkit_llb::{Differ, Git, Http, Image, Local, Meta, OciLayout, Output, ResolveMode};

use super::{CHECKSUM, debian, on, strings, text};

pub fn all() -> Vec<(&'static str, Option<Output>)> {
    vec![
        ("image", Some(debian())),
        ("image-full", Some(image().output(on("linux/arm64")))),
        ("local", Some(local().output(Meta::default()))),
        ("git", Some(git().output(Meta::default()))),
        ("git-ssh", Some(git_over_ssh().output(Meta::default()))),
        ("http", Some(http().output(Meta::default()))),
        ("oci-layout", Some(oci_layout().output(on("linux/arm64")))),
    ]
}

pub fn image() -> Image {
    Image {
        reference: "nvcr.io/nvidia/cuda:12.8.1-base".to_owned(),
        resolve_mode: ResolveMode::Pull,
        checksum: text(CHECKSUM),
        layer_limit: Some(3),
        record_type: text("internal"),
    }
}

pub fn local() -> Local {
    Local {
        name: "context".to_owned(),
        session: text("session-1"),
        unique: None,
        follow_paths: strings(&["pyproject.toml"]),
        include_patterns: strings(&["b", "a"]),
        exclude_patterns: strings(&["*.pyc", "!keep.pyc"]),
        shared_key_hint: text("hint"),
        differ: Some(Differ::None),
    }
}

pub fn git() -> Git {
    Git {
        remote: "https://example.com/team/app.git".to_owned(),
        reference: text("v1"),
        subdir: text("sub/dir"),
        keep_git_dir: true,
        auth_token_secret: text("TOKEN"),
        checksum: text("deadbeef"),
        skip_submodules: true,
        ..Git::default()
    }
}

fn git_over_ssh() -> Git {
    Git {
        remote: "git@example.com:team/app.git".to_owned(),
        reference: text("main"),
        known_ssh_hosts: text("example.com ssh-ed25519 AAAA"),
        ssh_socket: text("agent"),
        ..Git::default()
    }
}

pub fn http() -> Http {
    Http {
        url: "https://example.com/a.bin".to_owned(),
        checksum: text(CHECKSUM),
        filename: text("b.bin"),
        perm: Some(0o644),
        uid: Some(1000),
        gid: Some(1001),
        auth_header_secret: text("hf"),
        headers: [("accept", "text/plain"), ("user-agent", "x")]
            .map(|(k, v)| (k.to_owned(), v.to_owned()))
            .into(),
    }
}

pub fn oci_layout() -> OciLayout {
    OciLayout {
        reference: format!("name@{CHECKSUM}"),
        session: text("session-1"),
        store: text("store"),
        layer_limit: Some(2),
    }
}
