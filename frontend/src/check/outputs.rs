//! `run.outputs:`, what a command of a build stage leaves in the image.

use super::findings::Findings;
use super::{Output, User, copy, path, user};
use crate::diagnostic::{Diagnostic, code};
use crate::spec::{self, Entry, Field, List};

/// Files that the image keeps, in the written order.
pub fn outputs(field: &Field<List<spec::Output>>, owner: &User, findings: &mut Findings) -> Vec<Output> {
    let items = field.items().iter();
    items.filter_map(|item| output(item, owner, findings)).collect()
}

fn output(item: &Entry<spec::Output>, user: &User, findings: &mut Findings) -> Option<Output> {
    let Some(written) = item.src.get() else {
        if !item.src.is_written() {
            findings.push(
                Diagnostic::error(code::MISSING_KEY, item.key, "this output has no `src`")
                    .hint("write `outputs: [/path]`, `- /path: /path/in/image`, or `- { src: …, dest: … }`"),
            );
        }
        return None;
    };
    let src = findings.keep(path::below_root(written, "an output"));
    let dest = item
        .dest
        .get()
        .map(|dest| path::absolute(dest, "`dest`"))
        .transpose();
    let dest = findings.keep(dest);
    let owner = item.chown.get().map(|chown| user::owner(chown, user)).transpose();
    let mode = item.chmod.get().map(copy::mode).transpose();
    let (owner, mode) = (findings.keep(owner), findings.keep(mode));
    let src = src?;
    Some(Output {
        dest: dest?.unwrap_or_else(|| src.clone()),
        src,
        owner: owner?,
        mode: mode?,
    })
}

#[cfg(test)]
mod tests {
    use crate::check::drawn::{Build, check_diagnostics, check_of};
    use crate::source::Source;

    #[test]
    fn an_output_may_lie_elsewhere_in_the_image() {
        let spec = "user: app\nrun:\n  command: make\n  stage: build\n  outputs:\n    - /a\n    - /build/dist: /srv/www\n    - { src: /c, dest: /d/, chown: app, chmod: \"0755\" }\n";
        let (checked, findings) = check_of(&Source::new("modelcrate.yaml", spec), &Build::default());
        assert_eq!(findings, []);
        let outputs = &checked.unwrap().runs[0].outputs;
        let paths: Vec<(&str, &str)> = outputs
            .iter()
            .map(|output| (output.src.value.as_str(), output.dest.value.as_str()))
            .collect();
        assert_eq!(paths, [("/a", "/a"), ("/build/dist", "/srv/www"), ("/c", "/d/")]);
        assert_eq!(outputs[2].owner, Some((1000, 1000)));
    }

    #[test]
    fn an_output_is_absolute_in_both_places() {
        check_diagnostics(
            r#"
              run:
                - command: make
                  stage: build
                  outputs:
                    - dist: /srv
            #         ^^^^ error[invalid-path]: an output must be an absolute path, not `dist`
            # = hint: write `/dist`
                    - /dist: srv
            #                ^^^ error[invalid-path]: `dest` must be an absolute path, not `srv`
            # = hint: write `/srv`
                    - { dest: /srv }
            #           ^^^^ error[missing-key]: this output has no `src`
            # = hint: write `outputs: [/path]`, `- /path: /path/in/image`, or `- { src: …, dest: … }`
                    - { src: /dist, dest: /srv, chmod: rw, chown: nobody-knows }
            #                                          ^^ error[invalid-mode]: `rw` is not a file mode
            # = hint: write three or four octal digits, such as "0755", or `u+x`
            #                                                     ^^^^^^^^^^^^ error[invalid-user]: nobody knows the id of `nobody-knows`
            # = hint: declare `user: nobody-knows`, or write ids such as `1000:1000`
        "#,
        );
    }
}
