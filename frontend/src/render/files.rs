//! Files that are taken from somewhere, or written.

use super::view::{Copy, Heredoc, Line, Run, Stage};
use super::{Place, Unwritable, Writer, words};
use crate::plan::{Action, CopyAction, DOWNLOADED, Download, FileAction, GitCheckout, LAYER, Step, StepId};

/// The stage of the files that are only written.
const TEXTS: &str = "files";

impl Writer<'_> {
    /// The stage of the files that are only written, when there are some.
    pub(super) fn texts(&mut self) -> Option<Stage> {
        (!self.texts.is_empty()).then(|| Stage {
            comment: "scripts and small files that the steps below read".into(),
            platform: None,
            from: "scratch".into(),
            name: Some(TEXTS.into()),
            lines: std::mem::take(&mut self.texts),
        })
    }

    /// The stage of files.
    pub(super) fn files(&mut self, step: &Step) -> Result<Place, Unwritable> {
        let mut lines = Vec::new();
        match &step.action {
            Action::Context { paths, exclude } => lines.extend(context(paths, exclude, "/")),
            Action::Git(checkout) => lines.push(git(checkout)),
            Action::Download(_) => lines.extend(self.download(step, DOWNLOADED, false)?),
            Action::Files(actions) if actions.iter().any(|action| self.needs_shell(action)) => {
                return self.shell(step, actions);
            }
            Action::Files(actions) => {
                for action in actions {
                    lines.extend(self.scratch(action)?);
                }
            }
            _ => {}
        }
        Ok(Place::stage(&self.stage(step, None, "scratch".into(), lines)))
    }

    /// A path that needs no stage of its own: of the context, or a file that is only written.
    pub(super) fn direct(&mut self, id: StepId, path: &str) -> Option<Place> {
        match &self.plan.step(id).action {
            Action::Context { .. } => Some(Place {
                from: None,
                folder: path.trim_start_matches('/').to_owned(),
            }),
            Action::Files(actions) => self.text(actions, path),
            _ => None,
        }
    }

    fn text(&mut self, actions: &[FileAction], wanted: &str) -> Option<Place> {
        let mut files = actions
            .iter()
            .filter(|action| !matches!(action, FileAction::Origin(_)));
        let (Some(FileAction::File { path, mode, text }), None) = (files.next(), files.next()) else {
            return None;
        };
        if path != wanted {
            return None;
        }
        let path = self.text_path(path, *mode, text);
        Some(Place {
            folder: path,
            ..Place::stage(TEXTS)
        })
    }

    /// Where such a file lies; another one of the same name gets another folder.
    fn text_path(&mut self, path: &str, mode: u32, text: &str) -> String {
        let folders = std::iter::once(String::new()).chain((2..).map(|number| format!("/{number}")));
        for folder in folders {
            let path = format!("{folder}{path}");
            let line = Line::file(&path, mode, text);
            let words = |line: &Line| match line {
                Line::Copy(copy) => copy.words.split_once(' ').map(|(_, path)| path.to_owned()),
                _ => None,
            };
            match self.texts.iter().find(|known| words(known) == words(&line)) {
                Some(known) if *known == line => return path,
                Some(_) => {}
                None => {
                    self.texts.push(line);
                    return path;
                }
            }
        }
        String::new()
    }

    /// An action on an empty root, where no program is.
    fn scratch(&mut self, action: &FileAction) -> Result<Vec<Line>, Unwritable> {
        Ok(match action {
            FileAction::Folder { path, .. } => vec![Line::setting("WORKDIR", words::path(path))],
            FileAction::File { path, mode, text } => vec![Line::file(path, *mode, text)],
            FileAction::Copy(_) => self.copied(action, false)?,
            FileAction::Link { .. } | FileAction::Origin(_) => Vec::new(),
        })
    }

    /// `COPY` or `ADD`, alone on a layer of its own where `link` says so.
    pub(super) fn copied(&mut self, action: &FileAction, link: bool) -> Result<Vec<Line>, Unwritable> {
        let FileAction::Copy(copy) = action else {
            return Ok(Vec::new());
        };
        let from = self.plan.step(copy.from).clone();
        if let (Action::Download(_), DOWNLOADED) = (&from.action, copy.source.as_str()) {
            return self.download(&from, &copy.dest, link);
        }
        if let (Action::Context { paths, exclude }, "/") = (&from.action, copy.source.as_str()) {
            return Ok(context(paths, exclude, &copy.dest));
        }
        let place = match self.direct(copy.from, &copy.source) {
            Some(place) => place,
            None => {
                let mut place = self.place(copy.from)?;
                place.folder = place.path(&copy.source);
                place
            }
        };
        Ok(vec![line(
            copy,
            &place,
            if link { self.link() } else { Vec::new() },
        )])
    }

    /// What makes a copy a layer that stands alone, where that can be said.
    pub(super) fn link(&self) -> Vec<String> {
        Vec::from_iter(self.ground.dialect.links().then(|| "--link".to_owned()))
    }

    /// A file over HTTP. `ADD` finds a token by the name of its secret alone, which says the host (buildkit
    /// `source/http/source.go`, `HTTP_AUTH_TOKEN_` and `HTTP_AUTH_HEADER_`).
    fn download(&self, step: &Step, to: &str, link: bool) -> Result<Vec<Line>, Unwritable> {
        let Action::Download(Download { url, sha256, token }) = &step.action else {
            return Ok(Vec::new());
        };
        if let Some(token) = token.as_ref() {
            if !self.ground.dialect.tokens() {
                return Err(Unwritable(format!(
                    "`{}` needs the secret `{token}`, and buildah's ADD takes none",
                    step.name
                )));
            }
            if !token.starts_with("HTTP_AUTH_") {
                return Err(Unwritable(format!(
                    "`{}` needs the secret `{token}`, and a Dockerfile's ADD takes one called `HTTP_AUTH_HEADER_` and the host's name alone",
                    step.name
                )));
            }
        }
        let mut flags = if link { self.link() } else { Vec::new() };
        flags.extend([format!("--checksum=sha256:{sha256}"), "--chmod=0644".into()]);
        Ok(vec![Line::Copy(Copy {
            keyword: "ADD",
            flags,
            words: words::paths(url, to),
            script: None,
        })])
    }

    /// Links, and folders with an owner or a mode, need a shell: that of an image which some command stands on.
    fn shell(&mut self, step: &Step, actions: &[FileAction]) -> Result<Place, Unwritable> {
        let mut script = String::from("set -e\n");
        let mut copies = Vec::new();
        for action in actions {
            match action {
                FileAction::Folder { path, mode, owner } => script += &made_folder(path, *mode, *owner),
                FileAction::Link { target, path } => {
                    script += &format!("ln -s {} {}\n", words::shell(target), words::shell(&below(path)));
                }
                FileAction::File { path, mode, text } => copies.push(Line::file(&below(path), *mode, text)),
                FileAction::Copy(copy) => {
                    let below = CopyAction {
                        dest: below(&copy.dest),
                        ..copy.clone()
                    };
                    copies.extend(self.copied_and_changed(below)?);
                }
                FileAction::Origin(_) => {}
            }
        }
        let script = Heredoc::of(&script);
        let mut lines = vec![
            Line::setting("WORKDIR", LAYER),
            Line::Run(Run {
                flags: Vec::new(),
                command: format!("<<'{}'", script.end),
                script: Some(script),
            }),
        ];
        lines.extend(copies);
        let (from, platform) = self.with_shell();
        let name = self.stage(step, platform, from, lines);
        Ok(Place {
            folder: LAYER.into(),
            ..Place::stage(&name)
        })
    }

    /// A copy whose mode `chmod` changes where `COPY` cannot.
    fn copied_and_changed(&mut self, mut copy: CopyAction) -> Result<Vec<Line>, Unwritable> {
        let mode = if self.lacks_mode(&copy) {
            copy.mode.take()
        } else {
            None
        };
        let changed = mode.map(|mode| {
            Line::Run(Run {
                flags: Vec::new(),
                command: changed_mode(&mode, &copy.dest),
                script: None,
            })
        });
        let mut lines = self.copied(&FileAction::Copy(copy), false)?;
        lines.extend(changed);
        Ok(lines)
    }

    /// Whether the file can be laid where it belongs by `COPY` alone.
    pub(super) fn is_copy(&self, action: &FileAction) -> bool {
        matches!(action, FileAction::Copy(_)) && !self.needs_shell(action)
    }

    fn needs_shell(&self, action: &FileAction) -> bool {
        match action {
            FileAction::Link { .. } => true,
            FileAction::Folder { mode, owner, .. } => *mode != 0o755 || owner.is_some(),
            FileAction::Copy(copy) => self.lacks_mode(copy),
            FileAction::File { .. } | FileAction::Origin(_) => false,
        }
    }

    /// A mode such as `go-w`, where only octal ones are known.
    fn lacks_mode(&self, copy: &CopyAction) -> bool {
        let is_octal = |mode: &String| mode.chars().all(|c| c.is_ascii_digit());
        !self.ground.dialect.symbolic_modes() && copy.mode.as_ref().is_some_and(|mode| !is_octal(mode))
    }

    fn with_shell(&self) -> (String, Option<&'static str>) {
        let roots = self.plan.steps.iter().filter_map(|step| match &step.action {
            Action::Exec(exec) if exec.args.first().is_some_and(|program| program == "/bin/sh") => {
                exec.root.first()
            }
            _ => None,
        });
        let mut images = roots.filter_map(|id| match self.plan.step(*id) {
            step @ Step {
                action: Action::Image(reference),
                ..
            } => Some((self.ground.pinned(reference), self.ground.platform(step.platform))),
            _ => None,
        });
        images.next().unwrap_or_else(|| ("busybox:stable".into(), None))
    }
}

fn below(path: &str) -> String {
    format!("{LAYER}{path}")
}

/// As BuildKit does it: a folder that is copied into stays as it is, links have no mode.
fn changed_mode(mode: &str, path: &str) -> String {
    let (mode, path) = (words::shell(mode), words::shell(path));
    let below = format!("find {path} -mindepth 1 ! -type l -exec chmod {mode} {{}} +");
    format!("if [ -d {path} ]; then {below}; else chmod {mode} {path}; fi")
}

fn made_folder(path: &str, mode: u32, owner: Option<(u32, u32)>) -> String {
    let path = words::shell(&below(path));
    let mut lines = format!("mkdir -p {path}\n");
    if mode != 0o755 {
        lines += &format!("chmod {mode:o} {path}\n");
    }
    if let Some((uid, gid)) = owner {
        lines += &format!("chown {uid}:{gid} {path}\n");
    }
    lines
}

fn line(copy: &CopyAction, place: &Place, mut flags: Vec<String>) -> Line {
    flags.extend(place.flag());
    flags.extend(copy.owner.map(|(uid, gid)| format!("--chown={uid}:{gid}")));
    flags.extend(copy.mode.as_ref().map(|mode| format!("--chmod={mode}")));
    flags.extend(copy.exclude.iter().map(|pattern| format!("--exclude={pattern}")));
    let from = if place.folder.is_empty() {
        "/"
    } else {
        &place.folder
    };
    let from = if place.from.is_none() && from == "/" {
        "."
    } else {
        from
    };
    Line::copy(flags, words::paths(from, &copy.dest))
}

/// The context's files at their own paths below a folder.
fn context(paths: &[String], exclude: &[String], below: &str) -> Vec<Line> {
    let flags: Vec<String> = exclude
        .iter()
        .map(|pattern| format!("--exclude={pattern}"))
        .collect();
    let below = format!("{}/", below.trim_end_matches('/'));
    if paths.is_empty() {
        return vec![Line::copy(flags, words::paths(".", &below))];
    }
    let copy = |path: &String| {
        if path.contains(['*', '?', '[']) {
            let flags = [&["--parents".to_owned()], flags.as_slice()].concat();
            return Line::copy(flags, words::paths(path, &below));
        }
        let to = format!("{below}{}", path.trim_start_matches("./"));
        Line::copy(flags.clone(), words::paths(path, &to))
    };
    paths.iter().map(copy).collect()
}

/// A repository (buildkit `frontend/dockerfile/docs/reference.md`, "Adding files from a Git repository").
fn git(checkout: &GitCheckout) -> Line {
    let mut flags = Vec::new();
    if checkout.keep_git_dir {
        flags.push("--keep-git-dir=true".to_owned());
    }
    let reference = checkout.commit.as_ref().or(checkout.reference.as_ref());
    let url = match reference {
        Some(reference) => format!("{}#{reference}", checkout.url),
        None => checkout.url.clone(),
    };
    Line::Copy(Copy {
        keyword: "ADD",
        flags,
        words: words::paths(&url, "/"),
        script: None,
    })
}
