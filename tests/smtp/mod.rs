//! A mail server for tests: a real conversation by SMTP, and what it was given.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use muster::config::Secret;
use muster::mail::Post;

/// A mail server: it takes what it is given, but refuses some for good and some for now.
pub struct Server {
    at: SocketAddr,
    got: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Server {
    /// Begins to listen.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (at, got) = (listener.local_addr().unwrap(), Arc::default());
        let taken = Arc::clone(&got);
        std::thread::spawn(move || {
            let mut busy = 1;
            for stream in listener.incoming().flatten() {
                converse(stream, &taken, &mut busy);
            }
        });
        Self { at, got }
    }

    /// The way to it.
    pub fn post(&self) -> Post {
        Post::at(&Secret::new(format!("smtp://{}", self.at)), "Muster <muster@example.com>").unwrap()
    }

    /// What it was given, in order.
    pub fn mails(&self) -> Vec<Vec<u8>> {
        self.got.lock().unwrap().clone()
    }
}

fn converse(stream: TcpStream, got: &Mutex<Vec<Vec<u8>>>, busy: &mut u32) {
    let mut writer = stream.try_clone().unwrap();
    let mut say = |line: &str| writer.write_all(format!("{line}\r\n").as_bytes());
    let mut lines = BufReader::new(stream).split(b'\n');
    let mut next = || lines.next().and_then(Result::ok);
    if say("220 mail.test ESMTP").is_err() {
        return;
    }
    while let Some(line) = next() {
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        let answer = match line.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => "250 mail.test",
            "RCPT" if line.contains("nobody@") => "550 there is no such person here",
            "RCPT" if line.contains("busy@") && *busy > 0 => {
                *busy -= 1;
                "451 come again later"
            }
            "DATA" => {
                say("354 go on").ok();
                let mut mail = Vec::new();
                while let Some(line) = next().filter(|line| line != b".\r") {
                    mail.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
                    mail.push(b'\n');
                }
                got.lock().unwrap().push(mail);
                "250 taken"
            }
            "QUIT" => {
                say("221 bye").ok();
                return;
            }
            _ => "250 well",
        };
        if say(answer).is_err() {
            return;
        }
    }
}
