//! Memory for parts of files: so much of it, and the same again and again. An allocator keeps a good deal of what is freed.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Room for so many parts. Clones are the same room.
#[derive(Debug, Clone)]
pub struct Memory {
    part: usize,
    rooms: Arc<Semaphore>,
    free: Arc<Mutex<Vec<Vec<u8>>>>,
}

/// Room for one part, empty at first. It goes back when it is dropped.
#[derive(Debug)]
pub struct Room {
    bytes: Vec<u8>,
    free: Arc<Mutex<Vec<Vec<u8>>>>,
    // Given back after the bytes.
    _permit: OwnedSemaphorePermit,
}

impl Memory {
    /// Room for `parts` parts of `part` bytes at most. Nothing of it is taken yet.
    pub fn new(parts: usize, part: u64) -> Self {
        Self {
            part: usize::try_from(part).unwrap_or(usize::MAX),
            rooms: Arc::new(Semaphore::new(parts.max(1))),
            free: Arc::default(),
        }
    }

    /// Waits for room; it comes as long as others give theirs back.
    pub async fn room(&self) -> Room {
        match Arc::clone(&self.rooms).acquire_owned().await {
            Ok(permit) => self.with(permit),
            // It is closed by nobody.
            Err(_) => std::future::pending().await,
        }
    }

    /// Room, if there is any now.
    pub(super) fn room_now(&self) -> Option<Room> {
        let permit = Arc::clone(&self.rooms).try_acquire_owned();
        permit.ok().map(|permit| self.with(permit))
    }

    fn with(&self, permit: OwnedSemaphorePermit) -> Room {
        let used = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Room {
            bytes: used.unwrap_or_else(|| Vec::with_capacity(self.part)),
            free: Arc::clone(&self.free),
            _permit: permit,
        }
    }
}

impl Room {
    /// The bytes that are in it; more than one part makes it larger than it should be.
    pub fn bytes(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// The bytes for all to read: the room goes back with the last who has them.
    pub fn freeze(self) -> Bytes {
        Bytes::from_owner(self)
    }
}

impl AsRef<[u8]> for Room {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.clear();
        self.free
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_goes_back_with_the_last_of_its_bytes_and_is_used_again() {
        let memory = Memory::new(1, 16);
        let mut room = memory.room_now().unwrap();
        room.bytes().extend_from_slice(b"weights");
        let place = room.bytes().as_ptr();
        let bytes = room.freeze();
        let tail = bytes.slice(3..);
        drop(bytes);
        assert!(memory.room_now().is_none());
        assert_eq!(tail, b"ghts".as_slice());
        drop(tail);
        let mut again = memory.room_now().unwrap();
        assert_eq!((again.bytes().len(), again.bytes().as_ptr()), (0, place));
    }
}
