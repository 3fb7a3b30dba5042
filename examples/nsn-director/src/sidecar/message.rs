//! What goes over the pipes: a line of JSON for each message.

use serde::{Deserialize, Serialize};

use crate::proto::{GenerateRequest, Scene};

/// To the sidecar.
#[derive(Debug, Serialize)]
pub struct Request<'a> {
    prompt: &'a str,
    seed: u64,
    frames: u32,
    voice: &'a str,
}

impl<'a> From<&'a GenerateRequest> for Request<'a> {
    fn from(request: &'a GenerateRequest) -> Self {
        Self {
            prompt: &request.prompt,
            seed: request.seed,
            frames: request.frames,
            voice: &request.voice,
        }
    }
}

/// The sidecar's first line: it has read the models.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Hello {
    /// The voices that it has.
    Ready(Vec<String>),
}

/// The answer to a request.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reply {
    /// Done.
    Scene(EncodedScene),
    /// The request asks for what cannot be.
    Invalid(String),
    /// The sidecar could not do it.
    Failed(String),
}

/// Bytes are base64.
#[derive(Debug, Deserialize)]
pub struct EncodedScene {
    frames: Vec<String>,
    speech: String,
    score_b32: f32,
    score_l14: f32,
}

impl TryFrom<EncodedScene> for Scene {
    type Error = openssl::error::ErrorStack;

    fn try_from(scene: EncodedScene) -> Result<Self, Self::Error> {
        let frames = scene
            .frames
            .iter()
            .map(|frame| openssl::base64::decode_block(frame));
        Ok(Self {
            frames: frames.collect::<Result<_, _>>()?,
            speech: openssl::base64::decode_block(&scene.speech)?,
            score_b32: scene.score_b32,
            score_l14: scene.score_l14,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scene_comes_out_of_a_line() {
        let line = r#"{"scene":{"frames":["AQI="],"speech":"","score_b32":0.5,"score_l14":-1}}"#;
        let Ok(Reply::Scene(scene)) = serde_json::from_str(line) else {
            panic!("not a scene")
        };
        let scene = Scene::try_from(scene).unwrap();
        assert_eq!(scene.frames, [vec![1, 2]]);
        assert_eq!((scene.score_b32, scene.score_l14), (0.5, -1.0));
    }
}
