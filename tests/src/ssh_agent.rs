//! An SSH agent of the client.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

use crate::buildx::checked;

/// An SSH agent with one key; it ends when this is dropped.
pub struct SshAgent {
    process: Child,
    folder: TempDir,
}

impl SshAgent {
    /// Starts an agent, waits for its socket and gives it a new key.
    pub fn start() -> Self {
        let folder = TempDir::new().expect("a folder");
        let (socket, key) = (folder.path().join("agent"), folder.path().join("key"));
        let mut agent = Command::new("ssh-agent");
        agent.arg("-D").arg("-a").arg(&socket).stdout(Stdio::null());
        let process = agent.spawn().expect("ssh-agent");
        while !socket.exists() {
            std::thread::sleep(Duration::from_millis(10));
        }
        checked(
            Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(&key),
        );
        checked(
            Command::new("ssh-add")
                .arg("-q")
                .arg(&key)
                .env("SSH_AUTH_SOCK", &socket),
        );
        Self { process, folder }
    }

    /// What `--ssh` takes.
    pub fn as_flag(&self) -> String {
        format!("default={}", self.folder.path().join("agent").display())
    }
}

impl Drop for SshAgent {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
