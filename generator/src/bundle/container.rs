//! A container image and a Helm chart.

use minijinja::context;
use serde_json::json;

use super::inputs::{Input, Purpose, inputs};
use super::{Made, Subject};
use crate::emit::file;
use crate::settings::InboundAuth;

/// Templates of the chart that are the same for each server: Helm fills them in.
const CHART: &[(&str, &str)] = &[
    (
        "templates/_helpers.tpl",
        include_str!("../../templates/bundle/helm/templates/_helpers.tpl"),
    ),
    (
        "templates/deployment.yaml",
        include_str!("../../templates/bundle/helm/templates/deployment.yaml"),
    ),
    (
        "templates/service.yaml",
        include_str!("../../templates/bundle/helm/templates/service.yaml"),
    ),
    (
        "templates/ingress.yaml",
        include_str!("../../templates/bundle/helm/templates/ingress.yaml"),
    ),
    (
        "templates/hpa.yaml",
        include_str!("../../templates/bundle/helm/templates/hpa.yaml"),
    ),
    (
        "templates/pdb.yaml",
        include_str!("../../templates/bundle/helm/templates/pdb.yaml"),
    ),
    (
        "templates/serviceaccount.yaml",
        include_str!("../../templates/bundle/helm/templates/serviceaccount.yaml"),
    ),
    (
        "templates/servicemonitor.yaml",
        include_str!("../../templates/bundle/helm/templates/servicemonitor.yaml"),
    ),
    (
        "templates/networkpolicy.yaml",
        include_str!("../../templates/bundle/helm/templates/networkpolicy.yaml"),
    ),
    (
        "templates/NOTES.txt",
        include_str!("../../templates/bundle/helm/templates/NOTES.txt"),
    ),
    (
        "values.schema.json",
        include_str!("../../templates/bundle/helm/values.schema.json"),
    ),
];

/// What both are filled in with. Texts are JSON strings, which YAML and Dockerfiles read as such.
fn values(subject: Subject<'_>) -> minijinja::Value {
    let publisher = subject.publisher;
    let api = subject.api;
    let quoted = |text: &str| json!(text).to_string();
    // A Dockerfile puts variables into texts, too.
    let label = |text: &str| quoted(text).replace('$', "\\$");
    let inputs = inputs(subject);
    let of = |wanted: fn(&Input) -> bool| -> Vec<String> {
        let found = inputs.iter().filter(|input| wanted(input));
        found.map(|input| input.variable.clone()).collect()
    };
    let secrets = of(|input| input.secret);
    context! {
        name => &api.name,
        package => &api.package,
        prefix => &api.env_prefix,
        // Within a comment, where nothing ends but the line.
        title => subject.title(),
        description => quoted(&subject.description()),
        title_label => label(&subject.title()),
        description_label => label(&subject.description()),
        license_label => publisher.license.as_deref().map(label),
        version => subject.version(),
        // Tags have no `+` (OCI distribution specification).
        tag => subject.tag(),
        registry_name => publisher.name.as_deref(),
        source => publisher.repository.as_deref().map(quoted),
        homepage => publisher.homepage.as_deref().map(quoted),
        author => quoted(&subject.author()),
        email => publisher.email.as_deref().map(quoted),
        image => publisher.image.as_deref().unwrap_or_default(),
        local_image => subject.local_image(),
        base_url => quoted(publisher.base_url.as_deref().unwrap_or_default()),
        auth => publisher.auth.word(),
        public_url => quoted(publisher.url.as_deref().unwrap_or_default()),
        host => quoted(publisher.url.as_deref().map_or("", host)),
        secrets => secrets,
        credentials => of(|input| input.purpose == Purpose::Credential),
        servers => of(|input| input.purpose == Purpose::OtherAddress),
        // Compose reads `$` as a variable.
        context => quoted(&subject.source.folder).replace('$', "$$"),
        dockerfile => quoted(&subject.source.dockerfile).replace('$', "$$"),
        needs_secret => publisher.auth != InboundAuth::Passthrough,
    }
}

impl Subject<'_> {
    /// What the chart refuses to go without, as options of `helm`.
    pub(crate) fn chart_needs(self) -> String {
        let publisher = self.publisher;
        let has_service = publisher.auth == InboundAuth::Passthrough;
        let needs = [
            (publisher.base_url.is_some(), "baseUrl"),
            (publisher.image.is_some(), "image.repository"),
            (
                publisher.auth != InboundAuth::Keys,
                "auth.keys.existingSecret",
            ),
            (publisher.auth != InboundAuth::OAuth, "auth.oauth.issuer"),
            (
                publisher.auth != InboundAuth::OAuth || publisher.url.is_some(),
                "publicUrl",
            ),
            (has_service, "credentials.existingSecret"),
        ];
        let needs = needs.iter().filter(|(is_there, _)| !is_there);
        needs.map(|(_, key)| format!(" --set {key}=…")).collect()
    }
}

/// The host of an address.
fn host(url: &str) -> &str {
    let rest = url.trim_start_matches("https://");
    rest.split(['/', '?', '#', ':']).next().unwrap_or_default()
}

/// `docker/Dockerfile`, what it leaves out, and `docker/compose.yaml`.
pub(super) fn docker(subject: Subject<'_>) -> Made {
    let made = [
        (
            "docker/Dockerfile",
            include_str!("../../templates/bundle/docker/Dockerfile.j2"),
        ),
        (
            "docker/Dockerfile.dockerignore",
            include_str!("../../templates/bundle/docker/dockerignore"),
        ),
        (
            "docker/compose.yaml",
            include_str!("../../templates/bundle/docker/compose.yaml.j2"),
        ),
    ];
    filled(subject, &made)
}

/// `helm/NAME`
pub(super) fn chart(subject: Subject<'_>) -> Made {
    let folder = format!("helm/{}", subject.api.name);
    let named = [
        (
            "Chart.yaml",
            include_str!("../../templates/bundle/helm/Chart.yaml.j2"),
        ),
        (
            "values.yaml",
            include_str!("../../templates/bundle/helm/values.yaml.j2"),
        ),
        (
            "templates/_names.tpl",
            include_str!("../../templates/bundle/helm/_names.tpl.j2"),
        ),
    ];
    let mut made = filled(subject, &named);
    for (path, text) in CHART {
        made.insert((*path).to_owned(), text.as_bytes().to_vec());
    }
    let within = |(path, bytes): (String, Vec<u8>)| (format!("{folder}/{path}"), bytes);
    made.into_iter().map(within).collect()
}

fn filled(subject: Subject<'_>, templates: &[(&str, &str)]) -> Made {
    let values = values(subject);
    let file = |(path, template): &(&str, &str)| {
        let text = file(template, &subject.api.name, values.clone());
        ((*path).to_owned(), text.into_bytes())
    };
    templates.iter().map(file).collect()
}
