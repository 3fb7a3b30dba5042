use super::{Names, Text, flag, unless};
use crate::pb;

/// The lines of a command.
pub(super) fn dump(text: &mut Text, op: &pb::Op, exec: &pb::ExecOp, names: &Names) {
    if let Some(meta) = &exec.meta {
        process(text, meta);
    }
    text.line("network", unusual(exec.network().as_str_name(), "UNSET"));
    text.line("security", unusual(exec.security().as_str_name(), "SANDBOX"));
    for secret in &exec.secretenv {
        text.words(
            "secret env",
            [
                secret.name.clone(),
                format!("id={}", secret.id),
                flag(secret.optional, "optional"),
            ],
        );
    }
    for device in &exec.cdi_devices {
        text.words("device", [device.name.clone(), flag(device.optional, "optional")]);
    }
    for mount in &exec.mounts {
        text.words(format_args!("mount {}", mount.dest), words(op, mount, names));
    }
}

fn process(text: &mut Text, meta: &pb::Meta) {
    text.line("args", serde_json::Value::from(meta.args.as_slice()).to_string());
    meta.env.iter().for_each(|variable| text.line("env", variable));
    text.line("cwd", &meta.cwd);
    text.line("user", &meta.user);
    text.line("hostname", &meta.hostname);
    text.line("cgroup parent", &meta.cgroup_parent);
    for host in &meta.extra_hosts {
        text.line("host", format!("{} {}", host.host, host.ip));
    }
    for ulimit in &meta.ulimit {
        text.line(
            "ulimit",
            format!("{}={}:{}", ulimit.name, ulimit.soft, ulimit.hard),
        );
    }
    if let Some(proxy) = &meta.proxy_env {
        proxies(text, proxy);
    }
    text.words(
        "valid exit codes",
        meta.valid_exit_codes.iter().map(i32::to_string),
    );
}

fn proxies(text: &mut Text, proxy: &pb::ProxyEnv) {
    text.line("http proxy", &proxy.http_proxy);
    text.line("https proxy", &proxy.https_proxy);
    text.line("ftp proxy", &proxy.ftp_proxy);
    text.line("no proxy", &proxy.no_proxy);
    text.line("all proxy", &proxy.all_proxy);
}

fn words(op: &pb::Op, mount: &pb::Mount, names: &Names) -> Vec<String> {
    let input = names.input(op, mount.input);
    let selector = unless("", "selector", mount.selector.as_str());
    match mount.mount_type() {
        pb::MountType::Bind => bind(mount, input, selector),
        pb::MountType::Cache => {
            let cache = mount.cache_opt.clone().unwrap_or_default();
            let sharing = cache.sharing().as_str_name().to_lowercase();
            vec![
                "cache".to_owned(),
                format!("id={}", cache.id),
                sharing,
                base(mount, &input),
                selector,
            ]
        }
        pb::MountType::Tmpfs => {
            vec![
                "tmpfs".to_owned(),
                unless(0, "size", mount.tmpfs_opt.unwrap_or_default().size),
            ]
        }
        pb::MountType::Secret => {
            let secret = mount.secret_opt.clone().unwrap_or_default();
            file(
                "secret",
                &secret.id,
                (secret.uid, secret.gid, secret.mode),
                secret.optional,
            )
        }
        pb::MountType::Ssh => {
            let agent = mount.ssh_opt.clone().unwrap_or_default();
            file(
                "ssh",
                &agent.id,
                (agent.uid, agent.gid, agent.mode),
                agent.optional,
            )
        }
    }
}

fn bind(mount: &pb::Mount, input: String, selector: String) -> Vec<String> {
    let output = if mount.output < 0 {
        flag(!mount.readonly, "discarded")
    } else {
        format!("-> {}", mount.output)
    };
    let cache = match mount.content_cache() {
        pb::MountContentCache::Default => "",
        pb::MountContentCache::On => "content-cache=on",
        pb::MountContentCache::Off => "content-cache=off",
    };
    vec![
        input,
        selector,
        flag(mount.readonly, "readonly"),
        cache.to_owned(),
        output,
    ]
}

fn base(mount: &pb::Mount, input: &str) -> String {
    if mount.input < 0 {
        String::new()
    } else {
        format!("base={input}")
    }
}

fn file(kind: &str, id: &str, (uid, gid, mode): (u32, u32, u32), optional: bool) -> Vec<String> {
    let owner = [unless(0, "uid", uid), unless(0, "gid", gid)];
    let start = [kind.to_owned(), format!("id={id}"), format!("mode={mode:#o}")];
    start
        .into_iter()
        .chain(owner)
        .chain([flag(optional, "optional")])
        .collect()
}

fn unusual(value: &str, usual: &str) -> String {
    if value == usual {
        String::new()
    } else {
        value.to_lowercase()
    }
}
