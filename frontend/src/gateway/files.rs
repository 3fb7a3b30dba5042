//! Files of a result: reading any of them makes the engine build the result.

use bollard_buildkit_proto::fsutil::types::Stat;
use bollard_buildkit_proto::moby::buildkit::v1::frontend::{
    EvaluateRequest, EvaluateResponse, FileRange, ReadDirRequest, ReadDirResponse, ReadFileRequest,
    ReadFileResponse, StatFileRequest, StatFileResponse,
};

use prost::Message;

use super::capability::{EVALUATE, READ_DIR, STAT_FILE};
use super::error::{ErrorKind, GatewayError};
use super::{Gateway, Ref};

/// Bytes asked for at once: the engine refuses to send messages over 16 MiB.
const CHUNK: i64 = 8 << 20;
/// The largest file that a frontend has a reason to read, in bytes: 64 MiB.
const FILE_LIMIT: usize = 64 << 20;
/// Go's `fs.ModeDir` and `fs.ModeSymlink`, which fsutil sends as they are.
const MODE_DIR: u32 = 1 << 31;
const MODE_SYMLINK: u32 = 1 << 27;

/// One entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name: the last part of the path.
    pub name: String,
    /// Permission bits.
    pub mode: u32,
    /// Size in bytes.
    pub size: u64,
    /// Whether it is a folder.
    pub is_dir: bool,
    /// The target of a symbolic link.
    pub link: Option<String>,
}

impl Gateway {
    /// The bytes of `path` in `result`, up to 64 MiB.
    ///
    /// A file that is not there is [`ErrorKind::NotFound`]. Links are followed inside the result.
    pub async fn read_file(&self, result: &Ref, path: &str) -> Result<Vec<u8>, GatewayError> {
        let mut data = Vec::new();
        loop {
            let chunk = self.read_range(result, path, data.len(), CHUNK).await?;
            let last = (chunk.len() as i64) < CHUNK;
            data.extend(chunk);
            if last {
                return Ok(data);
            }
            if data.len() > FILE_LIMIT {
                return Err(GatewayError::invalid(format!("`{path}` is larger than 64 MiB")));
            }
        }
    }

    /// Up to `length` bytes of `path` from `offset`; fewer at the end of the file.
    pub async fn read_range(
        &self,
        result: &Ref,
        path: &str,
        offset: usize,
        length: i64,
    ) -> Result<Vec<u8>, GatewayError> {
        if result.is_scratch() {
            return Err(missing(path));
        }
        let request = ReadFileRequest {
            r#ref: result.id.clone(),
            file_path: path.to_owned(),
            range: Some(FileRange {
                offset: offset as i64,
                length,
            }),
            ..ReadFileRequest::default()
        };
        let answer: ReadFileResponse = self.look(path, "ReadFile", request).await?;
        Ok(answer.data)
    }

    /// The entries of the folder `path`, sorted by name; with a pattern, those that match it.
    pub async fn read_dir(
        &self,
        result: &Ref,
        path: &str,
        pattern: &str,
    ) -> Result<Vec<Entry>, GatewayError> {
        self.capabilities().require_gateway(READ_DIR)?;
        if result.is_scratch() {
            return Err(missing(path));
        }
        let request = ReadDirRequest {
            r#ref: result.id.clone(),
            dir_path: path.to_owned(),
            include_pattern: pattern.to_owned(),
            ..ReadDirRequest::default()
        };
        let answer: ReadDirResponse = self.look(path, "ReadDir", request).await?;
        let mut entries: Vec<Entry> = answer.entries.into_iter().map(Entry::from).collect();
        entries.sort();
        Ok(entries)
    }

    /// What `path` is. Links are followed inside the result (buildkit `cache/util/fsutil.go: StatFile`); [`Self::read_dir`]
    /// shows them as they are.
    pub async fn stat_file(&self, result: &Ref, path: &str) -> Result<Entry, GatewayError> {
        self.capabilities().require_gateway(STAT_FILE)?;
        if result.is_scratch() {
            return Err(missing(path));
        }
        let request = StatFileRequest {
            r#ref: result.id.clone(),
            path: path.to_owned(),
            ..StatFileRequest::default()
        };
        let answer: StatFileResponse = self.look(path, "StatFile", request).await?;
        answer.stat.map(Entry::from).ok_or_else(|| missing(path))
    }

    /// Builds the result now, to see its errors.
    ///
    /// Engines before BuildKit 0.11 do it when the root is looked at.
    pub async fn evaluate(&self, result: &Ref) -> Result<(), GatewayError> {
        if result.is_scratch() {
            return Ok(());
        }
        if !self.capabilities().gateway_has(EVALUATE) {
            return self.stat_file(result, ".").await.map(|_| ());
        }
        let request = EvaluateRequest {
            r#ref: result.id.clone(),
        };
        let EvaluateResponse {} = self.connection().call("Evaluate", request).await?;
        Ok(())
    }

    async fn look<Q, A>(&self, path: &str, method: &str, request: Q) -> Result<A, GatewayError>
    where
        Q: Message + 'static,
        A: Message + Default + 'static,
    {
        let answer = self.connection().call(method, request).await;
        answer.map_err(|error| error.looking_for(path))
    }
}

impl From<Stat> for Entry {
    fn from(stat: Stat) -> Self {
        let name = stat.path.rsplit('/').next().unwrap_or_default().to_owned();
        Self {
            name,
            mode: stat.mode & 0o7777,
            size: stat.size.max(0) as u64,
            is_dir: stat.mode & MODE_DIR != 0,
            link: (stat.mode & MODE_SYMLINK != 0).then_some(stat.linkname),
        }
    }
}

/// The words of the engine, for a file that cannot be there.
fn missing(path: &str) -> GatewayError {
    GatewayError::new(
        ErrorKind::NotFound,
        format!("open {path}: no such file or directory"),
    )
}
