use super::{Lowering, NO_TIMESTAMP, Owner, action, mode, path};
use crate::capability::Capability;
use crate::error::{Fault, Problem};
use crate::output::Output;
use crate::pb;
use crate::vertex::EMPTY;

/// The mode of a copy that keeps the modes of its files (buildkit `client/llb/fileop.go: fileActionCopy`).
const KEEP_MODE: i32 = -1;

/// Copies files (buildkit `solver/pb/ops.proto: FileActionCopy`).
#[derive(Clone, Debug, Default)]
pub struct Copy {
    /// What to copy from; scratch if there is none.
    pub from: Option<Output>,
    /// The path of what is copied, absolute.
    pub src: String,
    /// The path that it gets, absolute; with a `/` at its end, the directory that it goes into.
    pub dest: String,
    /// Who owns the copies; the owners of the originals by default.
    pub owner: Option<Owner>,
    /// The permission bits of all copies, up to 0o7777; those of the originals by default.
    pub mode: Option<u32>,
    /// The permissions as chmod takes them, `u=rwX,go=rX` for one.
    pub mode_str: Option<String>,
    /// Whether links on the path of `src` are followed.
    pub follow_symlinks: bool,
    /// Whether of a directory only what is in it is copied.
    pub copy_dir_contents_only: bool,
    /// Whether missing directories of `dest` are made.
    pub create_dest_path: bool,
    /// Whether `src` is a pattern.
    pub allow_wildcard: bool,
    /// Whether a pattern may match nothing.
    pub allow_empty_wildcard: bool,
    /// Whether an archive is unpacked instead.
    pub unpack: bool,
    /// Patterns of the paths to copy; all by default.
    pub include: Vec<String>,
    /// Patterns of the paths not to copy.
    pub exclude: Vec<String>,
    /// Whether a file may replace a directory and a directory a file.
    pub always_replace: bool,
    /// The time of all copies, in nanoseconds since 1970; the originals' own by default.
    pub timestamp: Option<i64>,
}

impl Copy {
    pub(super) fn lower(self, lowering: &mut Lowering) -> Result<pb::FileAction, Fault> {
        self.declare(lowering);
        let (mode, dest) = (
            self.lowered_mode()?,
            path::destination("the destination of a copy", &self.dest)?,
        );
        let src = path::absolute("the source of a copy", &self.src)?;
        let secondary_input = self.from.map_or(Ok(EMPTY), |from| lowering.inputs.add(&from))?;
        let copy = pb::FileActionCopy {
            src,
            dest,
            owner: self
                .owner
                .map(|owner| owner.lower(&mut lowering.inputs))
                .transpose()?,
            mode,
            follow_symlink: self.follow_symlinks,
            dir_copy_contents: self.copy_dir_contents_only,
            attempt_unpack_docker_compatibility: self.unpack,
            create_dest_path: self.create_dest_path,
            allow_wildcard: self.allow_wildcard,
            allow_empty_wildcard: self.allow_empty_wildcard,
            timestamp: self.timestamp.unwrap_or(NO_TIMESTAMP),
            include_patterns: self.include,
            exclude_patterns: self.exclude,
            always_replace_existing_dest_paths: self.always_replace,
            mode_str: self.mode_str.unwrap_or_default(),
            required_paths: Vec::new(),
        };
        Ok(pb::FileAction {
            secondary_input,
            ..action(pb::file_action::Action::Copy(copy))
        })
    }

    /// Go's client forgets these (buildkit `client/llb/fileop.go: FileOp.Marshal` asks an empty list); an engine that
    /// lacks one would copy other files than were asked for. Modes as text have an id, but daemons do not list it
    /// (buildkit `solver/pb/caps.go`, up to v0.32.2), so another feature of the same release, v0.17, stands for them.
    fn declare(&self, lowering: &mut Lowering) {
        let filtered = !self.include.is_empty() || !self.exclude.is_empty();
        let used = [
            (Capability::FILE_COPY_INCLUDE_EXCLUDE_PATTERNS, filtered),
            (Capability::FILE_COPY_ALWAYS_REPLACE, self.always_replace),
            (Capability::EXEC_VALID_EXIT_CODE, self.mode_str.is_some()),
        ];
        let used = used.into_iter().filter(|(_, used)| *used);
        lowering
            .capabilities
            .extend(used.map(|(capability, _)| capability));
    }

    /// Beside a mode as text the bits are 0, as in Go, and not looked at.
    fn lowered_mode(&self) -> Result<i32, Problem> {
        match (self.mode, &self.mode_str) {
            (Some(_), Some(_)) => Err(Problem::TwoModes(self.dest.clone())),
            (Some(bits), None) => mode(&self.dest, bits, 0o7777),
            (None, Some(_)) => Ok(0),
            (None, None) => Ok(KEEP_MODE),
        }
    }
}
