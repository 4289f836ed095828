//! The mail server, by SMTP.

use std::time::{Duration, SystemTime};

use lettre::message::header::ContentType;
use lettre::message::{Attachment as File, Mailbox, MultiPart, SinglePart};
use lettre::transport::smtp::Error as Refused;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use super::Written;
use crate::config::{Secret, Settings};
use crate::{Error, Result};

/// How long the mail server may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mail server and whom mails are from.
#[derive(Debug, Clone)]
pub struct Post {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    administrator: Option<String>,
}

/// Why a mail did not go out.
#[derive(Debug)]
pub(super) struct Refusal {
    /// What was said.
    pub words: String,
    /// Whether it would be said again.
    pub for_good: bool,
}

impl Post {
    /// The mail server of the settings; `None`: there is none.
    ///
    /// # Errors
    /// As [`Post::at`].
    pub fn of(settings: &Settings) -> Result<Option<Self>> {
        let post = settings.smtp_url.as_ref().map(|url| Self::at(url, &settings.mail_from)).transpose()?;
        Ok(post.map(|post| Self { administrator: settings.admin_email.clone(), ..post }))
    }

    /// A mail server by its address, such as `smtps://user:password@host` (TLS) or
    /// `smtp://user:password@host:587?tls=required` (STARTTLS); `from` is the sender.
    ///
    /// # Errors
    /// [`Error::Misconfigured`] that does not repeat the address, which may hold a password.
    pub fn at(url: &Secret, from: &str) -> Result<Self> {
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose())
            .map_err(|_| Error::Misconfigured("SMTP_URL must be an address such as smtps://user:password@host".into()))?
            .timeout(Some(PATIENCE))
            .build();
        let from = from.parse().map_err(|_| Error::Misconfigured(format!("'{from}' is no sender of mails")))?;
        Ok(Self { server, from, administrator: None })
    }

    /// The same, with the address of whoever runs this installation.
    #[must_use]
    pub fn with_administrator(self, address: &str) -> Self {
        Self { administrator: Some(address.to_owned()), ..self }
    }

    /// The address of whoever runs this installation.
    pub(super) fn administrator(&self) -> Option<&str> {
        self.administrator.as_deref()
    }

    /// Sends it, and tells the server's answer.
    pub(super) async fn send(&self, mail: &Written, address: &str) -> Result<String, Refusal> {
        let message =
            self.message(mail, address).map_err(|cause| Refusal { words: cause.to_string(), for_good: true })?;
        let answer = self.server.send(message).await.map_err(|cause| refusal(&cause))?;
        Ok(format!("{} {}", answer.code(), answer.first_line().unwrap_or_default()))
    }

    fn message(&self, mail: &Written, address: &str) -> Result<Message, Box<dyn std::error::Error + Send + Sync>> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(Some(mail.name.clone()), address.parse()?))
            .message_id(Some(format!("<{}@{}>", mail.id, self.from.email.domain())))
            .date(SystemTime::from(mail.asked_at))
            .subject(mail.subject.clone());
        let text = SinglePart::plain(mail.body.clone());
        Ok(match &mail.attachment {
            None => message.singlepart(text)?,
            Some(file) => {
                let part =
                    File::new(file.name.clone()).body(file.content.clone(), ContentType::parse(&file.media_type)?);
                message.multipart(MultiPart::mixed().singlepart(text).singlepart(part))?
            }
        })
    }
}

fn refusal(cause: &Refused) -> Refusal {
    let mut words = cause.to_string();
    let mut deeper = std::error::Error::source(cause);
    while let Some(cause) = deeper {
        words = format!("{words}: {cause}");
        deeper = cause.source();
    }
    Refusal { words, for_good: cause.is_permanent() }
}
