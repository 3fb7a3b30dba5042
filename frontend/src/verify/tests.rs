//! Images that are made here, some with something planted in them.

mod image;

use std::fs;

use modelcrate_fetcher::file::File;
use modelcrate_fetcher::lock::{Lock, Model};
use serde_json::{Value, json};

use super::{Archive, Class, Report, Secret, Wanted, attestation, listed, verify};
use image::{Image, hexadecimal};

/// A token that no issuer gave; put together here, so that no scanner takes this file for a leak.
fn token() -> String {
    format!("hf_{}", "aB3dE5gH7jK9".repeat(3))
}

/// The value of a secret that looks like nothing.
const VALUE: &str = "correct horse battery";

#[test]
fn nothing_is_found_in_a_good_image() {
    let text = b"see https://user:password@host and -----BEGIN PRIVATE KEY----- and hf_token and AKIAIOSFODNN7EXAMPLE";
    let image = Image::new().layer(&[("usr/share/doc/text", text), ("empty", b"")]);
    let report = image.verified(None);
    assert_eq!(report.findings.len(), 0, "{:#?}", report.findings);
    assert_eq!((report.attestations, report.images.len()), (1, 1));
    let layer = &report.images[0].layers[0];
    assert_eq!(
        (layer.unpacked, layer.largest.as_deref()),
        (text.len() as u64, Some("/usr/share/doc/text"))
    );
}

#[test]
fn a_token_is_found_wherever_it_is() {
    let token = token();
    let in_place = |place: &str| format!("{place} {token}");
    type Plant = fn(&mut Image, &str);
    let plants: [(&str, Plant); 5] = [
        ("linux/amd64 the config", |image, text| {
            image.config["config"]["Env"] = json!([format!("X={text}")])
        }),
        ("linux/amd64 the config", |image, text| {
            image.config["history"][0]["created_by"] = json!(text)
        }),
        ("linux/amd64 the config", |image, text| {
            image.config["config"]["Labels"]["x"] = json!(text)
        }),
        ("the attestation", |image, text| {
            image.attestation["predicate"]["args"] = json!([text])
        }),
        ("the manifest", |image, text| {
            image.layers[0]["annotations"] = json!({ "x": text })
        }),
    ];
    for (place, plant) in plants {
        let mut image = Image::new().layer(&[("file", b"text")]);
        plant(&mut image, &in_place("--token"));
        let found = image.found();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(
            found[0].0 == Class::Token && found[0].1.starts_with(place),
            "{found:?}"
        );
    }
}

#[test]
fn a_token_in_a_layer_is_named_by_its_path_and_never_shown() {
    let token = token();
    let text = format!("a line\nTOKEN={token}\n");
    let name = format!("dir/{token}");
    // Deleted again above, and the name alone.
    let image = Image::new()
        .layer(&[("app/.env", text.as_bytes()), ("app/code.py", b"print()")])
        .layer(&[("app/.wh..env", b""), (&name, b"")]);
    let report = image.verified(None);
    let places: Vec<&str> = report
        .findings
        .iter()
        .map(|finding| finding.place.as_str())
        .collect();
    assert_eq!(places.len(), 2, "{places:?}");
    assert!(
        places.iter().any(|place| place.ends_with(" /app/.env")),
        "{places:?}"
    );
    let messages: Vec<&str> = report
        .findings
        .iter()
        .map(|finding| finding.message.as_str())
        .collect();
    assert!(
        messages.iter().all(|message| *message == "a Hugging Face token"),
        "{messages:?}"
    );
}

#[test]
fn the_value_of_a_secret_is_found_plain_encoded_and_across_reads() {
    use base64::Engine as _;
    let encoded = base64::engine::general_purpose::STANDARD.encode(VALUE);
    for at in [0, 1, (1 << 20) - 7, (1 << 20) - 1, (1 << 20) + 3, 3 << 20] {
        for value in [VALUE, &encoded, &token()] {
            let mut bytes = vec![b'.'; 4 << 20];
            bytes[at..at + value.len()].copy_from_slice(value.as_bytes());
            let found = Image::new().layer(&[("blob", &bytes)]).found();
            assert_eq!(found.len(), 1, "{value} at {at}: {found:?}");
            assert!(found[0].1.ends_with(" /blob"), "{found:?}");
            assert_eq!(found[0].0 == Class::Token, *value == token());
        }
    }
}

/// As `zstd:chunked` has it: several frames, with one between them that is skipped.
#[test]
fn layers_of_zstd_are_read_over_all_their_frames() {
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    fn framed(tar: &[u8]) -> Vec<u8> {
        let frame = |bytes: &[u8]| compress_to_vec(bytes, CompressionLevel::Fastest);
        let (first, second) = tar.split_at(tar.len() / 2);
        let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"toc"].concat();
        [frame(first), skipped.clone(), frame(second), skipped].concat()
    }
    let (large, token) = (vec![b'.'; 3 << 20], token());
    let files: [(&str, &[u8]); 2] = [("large", &large), ("app/.env", token.as_bytes())];
    let report = Image::new().packed(&files, "zstd", framed).verified(None);
    let found: Vec<&str> = report
        .findings
        .iter()
        .map(|finding| finding.place.as_str())
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].ends_with(" /app/.env"), "{found:?}");
    assert_eq!(
        report.images[0].layers[0].unpacked,
        (large.len() + token.len()) as u64
    );
}

#[test]
fn a_file_that_is_a_private_key_is_found() {
    let key = format!("-----BEGIN RSA {0}\nabc\n-----END RSA {0}\n", "PRIVATE KEY-----");
    let found = Image::new().layer(&[("etc/ssl/key.pem", key.as_bytes())]).found();
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn what_an_image_should_say_and_does_not_is_told() {
    let mut image = Image::new().layer(&[("file", b"text")]);
    image.config["config"] = json!({ "ExposedPorts": { "80/tcp": {} }, "User": "0:0" });
    let classes: Vec<Class> = image.found().into_iter().map(|(class, _)| class).collect();
    assert_eq!(classes, [Class::User, Class::Label, Class::Healthcheck]);
}

#[test]
fn a_layer_that_cannot_be_looked_at_is_told() {
    let mut image = Image::new().layer(&[("file", b"text")]);
    image.layers[0]["mediaType"] = json!("application/vnd.oci.image.layer.v1.tar+lzma");
    image
        .layers
        .push(json!({ "mediaType": "x+gzip", "digest": "sha256:00", "size": 1 }));
    let classes: Vec<Class> = image.found().into_iter().map(|(class, _)| class).collect();
    assert_eq!(classes, [Class::Unreadable, Class::Unreadable]);
}

/// Engines that pull an image leave its attestations behind.
#[test]
fn an_attestation_that_is_elsewhere_is_told_until_it_is_read() {
    let mut image = Image::new().layer(&[("file", b"text")]);
    image.attestation["predicate"]["args"] = json!([token()]);
    let whole = image.verified(None);
    assert_eq!((whole.attestations, whole.absent.len()), (1, 0));

    let index = image.index();
    let wanted = Wanted::new(Vec::new()).unwrap();
    let mut report = Report::default();
    let named = listed(&index, &wanted, &mut report).unwrap();
    let [digest] = named.attestations.try_into().unwrap();
    assert_eq!(named.images, [], "no platform is said of the image");
    let manifest = image.take(&digest);
    let mut pulled = verify(&Archive::open(image.folder.path()).unwrap(), &[], &wanted, None).unwrap();
    assert_eq!((pulled.attestations, pulled.findings.len()), (0, 0));
    let mut untold = pulled.clone();
    untold.tell_absent("it is not here");
    let classes: Vec<Class> = untold.findings.iter().map(|finding| finding.class).collect();
    assert_eq!(classes, [Class::Unreadable]);

    let blobs = Archive::open(image.folder.path()).unwrap();
    attestation(&digest, &manifest, &blobs, &wanted, &mut pulled).unwrap();
    pulled.tell_absent("it is not here");
    let classes: Vec<Class> = pulled.findings.iter().map(|finding| finding.class).collect();
    assert_eq!((pulled.attestations, classes), (1, vec![Class::Token]));
}

#[test]
fn platforms_that_are_not_in_an_archive_are_named() {
    let image = Image::new().layer(&[("file", b"text")]);
    image.verified(None);
    let mut index: Value = serde_json::from_slice(&image.index()).unwrap();
    let other = json!({ "digest": "sha256:00", "platform": { "os": "linux", "architecture": "arm64" } });
    index["manifests"].as_array_mut().unwrap().push(other);
    fs::write(image.folder.path().join("index.json"), index.to_string()).unwrap();
    let wanted = Wanted::new(Vec::new()).unwrap();
    let report = verify(&Archive::open(image.folder.path()).unwrap(), &[], &wanted, None).unwrap();
    assert_eq!(report.others.iter().collect::<Vec<_>>(), ["linux/arm64"]);
    let archive = Archive::open(image.folder.path()).unwrap();
    let of = |platform: &str| verify(&archive, &[platform.to_owned()], &wanted, None).unwrap();
    let (own, other) = (of("linux/amd64"), of("linux/arm64"));
    assert_eq!((own.images.len(), own.others.len()), (1, 0));
    assert_eq!((other.images.len(), other.others.len()), (0, 1));
    let mut both = own;
    both.add(other);
    assert_eq!(both.others.iter().collect::<Vec<_>>(), ["linux/arm64"]);
}

#[test]
fn models_are_held_against_the_images_list_and_the_lock() {
    let weights = b"weights".as_slice();
    let file = |path: &str, bytes: &[u8]| File {
        path: path.into(),
        size: bytes.len() as u64,
        sha256: hexadecimal(bytes),
    };
    let list = |bytes: &[u8]| {
        let file = file("w.bin", bytes);
        json!({ "models": [{ "name": "m", "folder": "/models/m", "deliver": "bake", "files": [file] }] })
            .to_string()
    };
    let lock = |bytes: &[u8]| {
        let model = Model {
            name: "m".into(),
            source: "hf:org/m".into(),
            asked: None,
            revision: None,
            include: Vec::new(),
            exclude: Vec::new(),
            card: modelcrate_fetcher::card::Card::default(),
            files: vec![file("w.bin", bytes)],
        };
        Lock::new(Vec::new(), vec![model])
    };
    let image = |listed: &[u8], there: &[u8]| {
        let list = list(listed);
        Image::new().layer(&[
            ("usr/share/modelcrate/models.json", list.as_bytes()),
            ("models/m/w.bin", there),
        ])
    };
    let wrong = |image: &Image, lock: &Lock| image.verified(Some(lock)).findings.len();

    let good = image(weights, weights);
    let report = good.verified(Some(&lock(weights)));
    assert_eq!(
        (report.findings.len(), report.images[0].model_files),
        (0, 2),
        "{:#?}",
        report.findings
    );
    assert_eq!(wrong(&image(weights, b"others"), &lock(weights)), 2);
    assert_eq!(wrong(&good, &lock(b"newer")), 1);
    let empty = Image::new().layer(&[("file", b"text")]);
    assert_eq!(wrong(&empty, &lock(weights)), 1);
}

#[test]
fn a_secret_that_is_in_any_image_is_refused() {
    let short = Secret {
        id: "pin".into(),
        value: "1234\n".into(),
    };
    assert!(Wanted::new(vec![short]).unwrap_err().contains("`pin`"));
}

#[test]
fn what_is_no_image_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(
        Archive::open(folder.path())
            .unwrap_err()
            .to_string()
            .contains("index.json")
    );
}
