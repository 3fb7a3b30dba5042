//! What goes wrong with a file.

use std::sync::Arc;

/// What goes wrong when the bytes of a file are asked for: at the CDN for a large file, at the hub for a small one. What
/// is said of the hub alone goes wrong there for all files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection ends after this part of the answer.
    Cut {
        /// From 0 to 100.
        percent: u8,
    },
    /// After this part of the answer nothing more comes, and the connection stays.
    Hang {
        /// From 0 to 100.
        percent: u8,
    },
    /// One bit of the byte in the middle is another.
    Flip,
    /// An error of this status, with an XML text.
    Status(u16),
    /// 200, with the page of some network's own.
    Page,
    /// The whole file whatever part is asked for.
    NoRange,
    /// 403 to whoever asks while somebody else is being served.
    OneLane,
    /// So many bytes a second for each that asks.
    Slow {
        /// Bytes a second.
        rate: u64,
    },
    /// At the hub: 429, with a window that ends after so many seconds.
    Limited {
        /// Seconds, 0 too.
        seconds: u32,
    },
    /// An address that the hub signs has expired after so many uses.
    Expires {
        /// 0: it has when it is made.
        uses: u32,
    },
}

/// Where in the way of a request a fault is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// The hub is asked where the file is.
    Resolve,
    /// It signs an address.
    Sign,
    /// The bytes are sent.
    Send,
}

impl Fault {
    fn stage(self) -> Stage {
        match self {
            Self::Limited { .. } => Stage::Resolve,
            Self::Expires { .. } => Stage::Sign,
            _ => Stage::Send,
        }
    }
}

/// The faults to come.
#[derive(Default)]
pub(super) struct Faults(Vec<Planned>);

struct Planned {
    repository: String,
    path: String,
    fault: Fault,
    left: Option<u32>,
    lanes: Arc<()>,
}

/// A fault that is being played. It counts as going on until it is dropped.
pub(super) struct Played {
    pub fault: Fault,
    lanes: Arc<()>,
}

impl Played {
    /// Whether it is played for somebody else too.
    pub(super) fn at_once(&self) -> bool {
        // The plan has one, each that is served another.
        Arc::strong_count(&self.lanes) > 2
    }
}

impl Faults {
    pub(super) fn plan(&mut self, repository: &str, path: &str, fault: Fault, times: Option<u32>) {
        self.0.push(Planned {
            repository: repository.to_owned(),
            path: path.to_owned(),
            fault,
            left: times,
            lanes: Arc::new(()),
        });
    }

    /// The first fault that is planned for a file at this stage, and counts it.
    pub(super) fn play(&mut self, repository: &str, path: &str, stage: Stage) -> Option<Played> {
        let planned = self.0.iter_mut().find(|planned| {
            planned.repository == repository
                && planned.path == path
                && planned.fault.stage() == stage
                && planned.left != Some(0)
        })?;
        if let Some(left) = &mut planned.left {
            *left -= 1;
        }
        Some(Played {
            fault: planned.fault,
            lanes: Arc::clone(&planned.lanes),
        })
    }
}
