//! `/api/docs`: what can be asked of the API, and how. Written by the OpenAPI document itself, without a script.

mod schema;

use axum::extract::{Request, State};
use axum::response::Response;
use leptos::prelude::*;
use muster::people::Role;
use serde_json::Value;

use self::schema::{Field, body_of, example, fields, schema_of, shape};
use super::{OPENAPI, document};
use crate::access::{self, Needs};
use crate::caller::Caller;
use crate::server::App;
use crate::shell;
use crate::ui::frame::PageFrame;
use crate::ui::{Card, Column, DataTable, Details};

const TITLE: &str = "API";

/// An operation, as the page tells it.
struct Endpoint {
    method: &'static str,
    path: String,
    spec: Value,
}

impl Endpoint {
    fn text(&self, field: &str) -> String {
        self.spec[field].as_str().unwrap_or_default().to_owned()
    }

    /// Its address on the page.
    fn id(&self) -> String {
        self.text("operationId")
    }

    fn tag(&self) -> &str {
        self.spec["tags"][0].as_str().unwrap_or_default()
    }

    /// Which roles may ask it.
    fn roles(&self) -> String {
        let Some(Needs::Permission(permission)) = access::of(&self.path) else { return String::new() };
        let roles = Role::ALL.into_iter().filter(|role| permission.is_for(*role));
        roles.map(|role| role.to_string()).collect::<Vec<_>>().join(", ")
    }

    fn parameters(&self) -> Vec<Field> {
        self.spec["parameters"].as_array().into_iter().flatten().map(Field::parameter).collect()
    }

    fn command(&self, document: &Value) -> String {
        let path = self.path.replace('{', "$").replace('}', "").replace("$site", "$SITE");
        let head = format!("curl \"$MUSTER{path}\" -H \"Authorization: Bearer $TOKEN\"");
        match body_of(&self.spec["requestBody"]) {
            Some(body) => format!("{head} \\\n  --json '{}'", example(document, body)),
            None => head,
        }
    }
}

/// `GET /api/docs`. It holds no data, so it is for anybody.
pub async fn docs(State(app): State<App>, request: Request) -> Response {
    let caller = request.extensions().get::<Caller>();
    let document = serde_json::to_value(document()).unwrap_or_default();
    shell::document(&app.site, caller, TITLE, || page(&document))
}

fn page(document: &Value) -> impl IntoView + use<> {
    let endpoints = endpoints(document);
    let parts = document["tags"].as_array().into_iter().flatten().map(|tag| {
        let name = tag["name"].as_str().unwrap_or_default();
        let about = tag["description"].as_str().unwrap_or_default();
        part(document, name, about, &endpoints)
    });
    let parts = parts.collect_view();
    let contents = endpoints.iter().map(line).collect_view();
    let about = prose(document["info"]["description"].as_str().unwrap_or_default());
    let schemas = schemas(document);
    view! {
        <PageFrame title=TITLE lead="Everything the pages show, for programs.">
            <div class="stack api">
                <Card id="begin" title="How to begin">
                    <div class="api-about">{about}</div>
                    <pre class="api-code" tabindex="0"><code>{BEGIN}</code></pre>
                    <p>"The same as a document of OpenAPI 3.1: "<a href=OPENAPI>{OPENAPI}</a></p>
                </Card>
                <Card id="contents" title="What there is"><ul class="api-contents">{contents}</ul></Card>
                {parts}
                <Card id="schemas" title="What the answers are made of">{schemas}</Card>
            </div>
        </PageFrame>
    }
}

/// The first request.
const BEGIN: &str = "bin/muster token create --email a@b.example --name laptop --scope performance
export MUSTER=https://muster.example TOKEN=muster_…
curl \"$MUSTER/api/v1/performance/me\" -H \"Authorization: Bearer $TOKEN\"";

fn endpoints(document: &Value) -> Vec<Endpoint> {
    let paths = document["paths"].as_object().into_iter().flatten();
    paths
        .flat_map(|(path, item)| {
            [("GET", "get"), ("POST", "post")].into_iter().filter_map(|(method, key)| {
                let spec = item.get(key)?.clone();
                Some(Endpoint { method, path: path.clone(), spec })
            })
        })
        .collect()
}

fn line(it: &Endpoint) -> impl IntoView + use<> {
    view! {
        <li>
            <a href=format!("#{}", it.id())><span class="api-method">{it.method}</span>" "<code>{it.path.clone()}</code></a>
            <span class="muted">{it.text("summary")}</span>
        </li>
    }
}

fn part(document: &Value, tag: &str, about: &str, endpoints: &[Endpoint]) -> impl IntoView + use<> {
    let own: Vec<_> = endpoints.iter().filter(|it| it.tag() == tag).map(|it| operation(document, it)).collect();
    view! {
        <section class="stack" aria-labelledby=format!("tag-{tag}")>
            <header><h2 id=format!("tag-{tag}")>{tag.to_owned()}</h2><p class="lead">{about.to_owned()}</p></header>
            {own}
        </section>
    }
}

fn operation(document: &Value, it: &Endpoint) -> impl IntoView + use<> {
    let parameters = it.parameters();
    let body = body_of(&it.spec["requestBody"]).map(|body| fields(document, body));
    let id = it.id();
    view! {
        <article class="card api-operation" id=id.clone() aria-labelledby=format!("{id}-h")>
            <h3 id=format!("{id}-h")>{it.text("summary")}</h3>
            <p class="api-address"><span class="api-method">{it.method}</span>" "<code>{it.path.clone()}</code></p>
            {prose(&it.text("description"))}
            <p class="muted">{format!("For: {}.", it.roles())}</p>
            {(!parameters.is_empty()).then(|| table("What can be asked", parameters))}
            {body.map(|body| table("What is sent, as JSON", body))}
            <pre class="api-code" tabindex="0"><code>{it.command(document)}</code></pre>
            {responses(&it.spec)}
        </article>
    }
}

fn responses(spec: &Value) -> AnyView {
    let columns = vec![Column::text("status", "Status"), Column::text("body", "Body"), Column::text("what", "Meaning")];
    let answers = spec["responses"].as_object().into_iter().flatten();
    let rows = answers
        .map(|(status, answer)| {
            let body = schema_of(answer).map_or_else(|| "none".into_any(), shape);
            let what = answer["description"].as_str().unwrap_or_default().to_owned();
            vec![status.clone().into_any(), body, what.into_any()]
        })
        .collect();
    view! { <Details summary="Answers"><DataTable caption="Answers" columns rows hide_caption=true/></Details> }
        .into_any()
}

fn table(caption: &str, fields: Vec<Field>) -> AnyView {
    let columns = vec![Column::text("name", "Name"), Column::text("type", "Type"), Column::text("what", "Meaning")];
    let rows = fields.into_iter().map(Field::cells).collect();
    view! { <DataTable caption=caption columns rows/> }.into_any()
}

fn schemas(document: &Value) -> impl IntoView + use<> {
    let schemas = document["components"]["schemas"].as_object().into_iter().flatten();
    schemas
        .map(|(name, schema)| {
            let about = schema["description"].as_str().unwrap_or_default().to_owned();
            let own = fields(document, schema);
            let body = if own.is_empty() { view! { <p>{shape(schema)}</p> }.into_any() } else { table("Fields", own) };
            view! { <div id=format!("schema-{name}")><Details summary=name.clone()><p>{about}</p>{body}</Details></div> }
        })
        .collect_view()
}

/// Paragraphs with `**bold**` and `` `code` ``: all of Markdown that the document uses.
fn prose(text: &str) -> impl IntoView + use<> {
    let paragraphs = text.split("\n\n").filter(|text| !text.trim().is_empty());
    paragraphs.map(|text| view! { <p>{inline(&text.replace('\n', " "))}</p> }).collect_view()
}

fn inline(text: &str) -> Vec<AnyView> {
    let codes = text.split('`').enumerate();
    codes
        .flat_map(|(nth, text)| {
            if nth % 2 == 1 {
                return vec![view! { <code>{text.to_owned()}</code> }.into_any()];
            }
            let bold = text.split("**").enumerate().map(|(nth, text)| match nth % 2 {
                1 => view! { <strong>{text.to_owned()}</strong> }.into_any(),
                _ => text.to_owned().into_any(),
            });
            bold.collect()
        })
        .collect()
}
