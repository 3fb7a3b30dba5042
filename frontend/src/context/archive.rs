//! Whether a downloaded file is an archive, from its first bytes.

/// bzip2, gzip and xz (buildkit frontend/dockerui/context.go, `isArchive`).
const COMPRESSED: [&[u8]; 3] = [
    &[0x42, 0x5A, 0x68],
    &[0x1F, 0x8B, 0x08],
    &[0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00],
];
/// A tar header is one block; its checksum is six octal digits at this offset.
const TAR_BLOCK: usize = 512;
const TAR_CHECKSUM: std::ops::Range<usize> = 148..156;

/// Whether the engine can unpack a file that begins with `head`.
pub(super) fn is_archive(head: &[u8]) -> bool {
    COMPRESSED.iter().any(|magic| head.starts_with(magic)) || is_tar(head)
}

/// The checksum of a tar header is the sum of its bytes, with spaces where the checksum itself stands.
fn is_tar(head: &[u8]) -> bool {
    let Some(header) = head.get(..TAR_BLOCK) else {
        return false;
    };
    let written = header.get(TAR_CHECKSUM).and_then(octal);
    let summed = header.iter().enumerate().map(|(at, byte)| {
        let byte = if TAR_CHECKSUM.contains(&at) { b' ' } else { *byte };
        u32::from(byte)
    });
    written == Some(summed.sum())
}

fn octal(field: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(field).ok()?;
    u32::from_str_radix(text.trim_matches([' ', '\0']), 8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tar_header() -> Vec<u8> {
        let mut header = vec![0; TAR_BLOCK];
        header[..9].copy_from_slice(b"spec.yaml");
        header[TAR_CHECKSUM].fill(b' ');
        let sum: u32 = header.iter().copied().map(u32::from).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        header
    }

    #[test]
    fn tar_context_is_told_by_magic_or_by_header_checksum() {
        assert!(is_archive(&[0x1F, 0x8B, 0x08, 0, 0]));
        assert!(is_archive(b"BZh91AY"));
        assert!(is_archive(&tar_header()));
        let mut broken = tar_header();
        broken[0] = b'x';
        assert!(!is_archive(&broken));
    }

    #[test]
    fn a_spec_is_no_archive() {
        assert!(!is_archive(b"# syntax=modelcrate/frontend:1\nname: x\n"));
        assert!(!is_archive(b""));
        assert!(!is_archive(&[0; TAR_BLOCK]));
    }
}
