//! Files of the context: the engine has them before anything is planned, so that each large one is a layer of its own.

use futures_util::future::BoxFuture;
use modelcrate_fetcher::file::{File, is_clean};

use super::header;
use super::question::{Answer, Question};
use super::taken;
use crate::diagnostic::{Diagnostic, code};
use crate::gateway::{Entry, GatewayError, Ref};
use crate::spec::ResolvedModel;

impl Question<'_> {
    /// The files below a path of the context; a path that is a file has that one.
    pub(super) async fn in_context(&self, path: &str) -> Answer<ResolvedModel> {
        let gateway = &self.build.gateway;
        let title = format!("[internal] load {path}");
        let solved = self.build.main.open(gateway, &[path], &title).await?;
        let entry = match gateway.stat_file(&solved, path).await {
            Ok(entry) => entry,
            Err(error) if error.is_not_found() => return Ok(Err(vec![self.not_there(path)])),
            Err(error) => return Err(error.into()),
        };
        let (folder, mut all) = match (entry.is_dir, path.rsplit_once('/')) {
            (true, _) => (
                path.to_owned(),
                self.below(&solved, path.to_owned(), String::new()).await?,
            ),
            (false, Some((folder, name))) => (folder.to_owned(), vec![file(name.to_owned(), &entry)]),
            (false, None) => (String::new(), vec![file(path.to_owned(), &entry)]),
        };
        all.sort();
        let selection = self.source.selection();
        let (files, rest): (Vec<File>, Vec<File>) =
            all.into_iter().partition(|file| selection.takes(&file.path));
        let taken: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let names: Vec<&str> = taken
            .iter()
            .copied()
            .chain(rest.iter().map(|file| file.path.as_str()))
            .collect();
        let mut found = taken::wrong(self.model, self.source, &names, &taken);
        let folder = folder.trim_start_matches('.').trim_matches('/').to_owned();
        for file in &files {
            let place = format!("/{folder}/{}", file.path);
            let wrong = header::malformed(gateway, &solved, &place, &file.path, file.size).await?;
            found.extend(wrong.map(|why| taken::malformed(self.model, &file.path, why, self.source.span)));
        }
        Ok(match found.is_empty() {
            true => Ok(ResolvedModel {
                revision: None,
                files,
                folder,
                ..ResolvedModel::default()
            }),
            false => Err(found),
        })
    }

    /// Files below `folder` of the result, each with its path from the model's folder on.
    fn below<'a>(
        &'a self,
        solved: &'a Ref,
        folder: String,
        prefix: String,
    ) -> BoxFuture<'a, Result<Vec<File>, GatewayError>> {
        Box::pin(async move {
            let mut files = Vec::new();
            for entry in self.build.gateway.read_dir(solved, &folder, "").await? {
                let path = format!("{prefix}{}", entry.name);
                if !is_clean(&path) {
                    continue;
                }
                let place = format!("{folder}/{}", entry.name);
                // A link is what it leads to: the copy follows it too.
                let entry = match entry.link {
                    Some(_) => self.build.gateway.stat_file(solved, &place).await?,
                    None => entry,
                };
                match entry.is_dir {
                    true => files.extend(self.below(solved, place, format!("{path}/")).await?),
                    false => files.push(file(path, &entry)),
                }
            }
            Ok(files)
        })
    }

    fn not_there(&self, path: &str) -> Diagnostic {
        let message = format!("`{path}` is not in the build context");
        let finding = Diagnostic::error(code::MISSING_FILE, self.source.span, message);
        match self.build.main.ignore_file() {
            Some(name) => finding.hint(format!("is it left out by {name}?")),
            None => finding.hint("paths start at the folder that `docker buildx build` is given"),
        }
    }
}

/// Its checksum is left open: the engine compares the bytes themselves.
fn file(path: String, entry: &Entry) -> File {
    File {
        path,
        size: entry.size,
        sha256: String::new(),
    }
}
