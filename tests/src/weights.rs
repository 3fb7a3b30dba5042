//! Files of weights as small as they get, and right all the same.

/// A file of safetensors with one tensor of these bytes.
pub fn safetensors(data: &[u8]) -> Vec<u8> {
    let bytes = data.len();
    let header = format!(r#"{{"x":{{"dtype":"U8","shape":[{bytes}],"data_offsets":[0,{bytes}]}}}}"#);
    [
        (header.len() as u64).to_le_bytes().as_slice(),
        header.as_bytes(),
        data,
    ]
    .concat()
}

/// A file of GGUF without tensors and keys, and this behind its header.
pub fn gguf(rest: &str) -> String {
    format!("GGUF\u{3}{}{rest}", "\0".repeat(19))
}
