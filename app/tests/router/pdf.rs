//! What does a PDF say? Its words as a reader would copy them, and those that are only read aloud.

use std::collections::HashMap;

use hayro_syntax::Pdf;
use hayro_syntax::content::TypedIter;
use hayro_syntax::content::ops::TypedInstruction;
use hayro_syntax::object::{Array, Dict, Object, Stream, String as Text};

/// All its words.
pub fn text(bytes: Vec<u8>) -> String {
    let pdf = Pdf::new(bytes).expect("a PDF");
    let mut said = String::new();
    for page in pdf.pages().iter() {
        let resources: Dict = page.raw().get("Resources").unwrap_or_else(Dict::empty);
        shown(page.page_stream().expect("a page with content"), &resources, &mut said);
        said.push('\n');
    }
    for object in pdf.objects() {
        let Object::Dict(it) = object else { continue };
        for key in ["Alt", "ActualText", "Title", "Author", "Subject", "Contents"] {
            let value: Option<Text> = it.get(key);
            said.extend(value.map(|value| format!("{}\n", wide(value.as_bytes()))));
        }
    }
    said
}

/// What a stream of content shows with the fonts and forms it is given.
fn shown(content: &[u8], resources: &Dict, said: &mut String) {
    let fonts: Dict = resources.get("Font").unwrap_or_else(Dict::empty);
    let forms: Dict = resources.get("XObject").unwrap_or_else(Dict::empty);
    let mut letters = HashMap::new();
    let mut operations = TypedIter::new(content);
    while let Some(operation) = operations.next() {
        match operation {
            TypedInstruction::TextFont(font) => letters = letters_of(&fonts, font.0),
            TypedInstruction::ShowText(text) => spell(text.0.as_bytes(), &letters, said),
            TypedInstruction::ShowTexts(texts) => spell_all(texts.0, &letters, said),
            TypedInstruction::EndText(_) => said.push(' '),
            TypedInstruction::XObject(form) => {
                let Some(form) = forms.get::<Stream>(form.0.as_ref()) else { continue };
                let inner: Dict = form.dict().get("Resources").unwrap_or_else(Dict::empty);
                if let Ok(content) = form.decoded() {
                    shown(&content, &inner, said);
                }
            }
            _ => {}
        }
    }
}

fn spell_all(texts: &Array, letters: &HashMap<u16, String>, said: &mut String) {
    for text in texts.iter::<Object>() {
        if let Object::String(text) = text {
            spell(text.as_bytes(), letters, said);
        }
    }
}

fn spell(codes: &[u8], letters: &HashMap<u16, String>, said: &mut String) {
    for code in codes.chunks_exact(2) {
        let code = u16::from_be_bytes([code[0], code[1]]);
        said.push_str(letters.get(&code).map_or("\u{fffd}", String::as_str));
    }
}

/// Which code of a font is which letter, by its table for those who copy.
fn letters_of(fonts: &Dict, name: &[u8]) -> HashMap<u16, String> {
    let table = fonts.get::<Dict>(name).and_then(|font| font.get::<Stream>("ToUnicode"));
    let table = table.and_then(|table| table.decoded().ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
    let mut letters = HashMap::new();
    for line in table.unwrap_or_default().lines() {
        let mut parts = line.split(['<', '>']).map(str::trim).filter(|part| !part.is_empty());
        let (Some(code), Some(letter), None) = (parts.next(), parts.next(), parts.next()) else { continue };
        if let (4, Ok(code)) = (code.len(), u16::from_str_radix(code, 16)) {
            letters.insert(code, utf16(letter));
        }
    }
    letters
}

fn utf16(hex: &str) -> String {
    let units: Vec<u16> =
        (0..hex.len() / 4).filter_map(|n| u16::from_str_radix(&hex[4 * n..4 * n + 4], 16).ok()).collect();
    String::from_utf16_lossy(&units)
}

fn wide(bytes: &[u8]) -> String {
    match bytes.strip_prefix(&[0xfe, 0xff]) {
        Some(rest) => {
            let units: Vec<u16> = rest.chunks_exact(2).map(|unit| u16::from_be_bytes([unit[0], unit[1]])).collect();
            String::from_utf16_lossy(&units)
        }
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}
