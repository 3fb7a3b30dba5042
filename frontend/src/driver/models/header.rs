//! What weights say of themselves, where the engine has them: not a byte of the data behind it is moved.

use modelcrate_checker::format::{HEAD, Malformed, check_header, header_end};

use crate::gateway::{Gateway, GatewayError, Ref};

/// Bytes that are asked for at once.
const PIECE: u64 = 1 << 20;

/// What is wrong with the file of this name, which lies at `place` in the result and has `size` bytes.
pub(super) async fn malformed(
    gateway: &Gateway,
    result: &Ref,
    place: &str,
    name: &str,
    size: u64,
) -> Result<Option<Malformed>, GatewayError> {
    let mut read = gateway.read_range(result, place, 0, HEAD as i64).await?;
    let end = header_end(name, &read, size).min(size);
    while (read.len() as u64) < end {
        let piece = (end - read.len() as u64).min(PIECE).cast_signed();
        let piece = gateway.read_range(result, place, read.len(), piece).await?;
        if piece.is_empty() {
            break;
        }
        read.extend_from_slice(&piece);
    }
    // Bytes that are here can be read.
    Ok(check_header(name, read.as_slice(), size)
        .ok()
        .and_then(Result::err))
}
