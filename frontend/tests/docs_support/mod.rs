//! The code blocks of a page in Markdown.

/// A code block.
#[derive(Debug, Clone, Default)]
pub struct Block {
    /// What stands behind its fence.
    pub info: String,
    /// The first word of that; `sh` of an indented block.
    pub language: String,
    /// All its lines.
    pub text: String,
    /// The file that it is, of `<!-- file: PATH -->` above it.
    pub file: Option<String>,
    /// The rules that it breaks on purpose, of `<!-- finds: CODE -->` above it.
    pub finds: Vec<String>,
}

/// Every block of a page.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = page.lines().peekable();
    let (mut before, mut is_list) = ("", false);
    let mut marks = Block::default();
    while let Some(line) = lines.next() {
        if let Some(info) = line.trim_start().strip_prefix("```") {
            let indent = line.len() - line.trim_start().len();
            let mut block = std::mem::take(&mut marks);
            block.info = info.to_owned();
            block.language = info.split(' ').next().unwrap_or_default().to_owned();
            for line in lines
                .by_ref()
                .take_while(|line| !line.trim_start().starts_with("```"))
            {
                block.text += line.get(indent..).unwrap_or_default();
                block.text.push('\n');
            }
            blocks.push(block);
        } else if line.starts_with("    ") && before.is_empty() && !is_list {
            let mut text = format!("{}\n", line.trim_start());
            while let Some(line) = lines.next_if(|line| line.starts_with("    ")) {
                text += &format!("{}\n", &line[4..]);
            }
            blocks.push(Block {
                language: "sh".into(),
                text,
                ..Block::default()
            });
        } else if let Some(mark) = mark(line, "file") {
            marks.file = Some(mark);
        } else if let Some(mark) = mark(line, "finds") {
            marks.finds.push(mark);
        }
        let starts_list = line.starts_with("- ") || line.starts_with(|c: char| c.is_ascii_digit());
        is_list = starts_list || (is_list && (line.is_empty() || line.starts_with(' ')));
        before = line;
    }
    blocks
}

fn mark(line: &str, kind: &str) -> Option<String> {
    let mark = line.strip_prefix("<!-- ")?.strip_suffix(" -->")?;
    mark.strip_prefix(kind)?.strip_prefix(": ").map(ToOwned::to_owned)
}
