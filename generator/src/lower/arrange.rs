//! Arranging types: sorted by name, boxed where they contain themselves, each in the module of the
//! only topic that uses it.

use indexmap::IndexMap;

use crate::ir::{TypeDef, TypeRef, TypeShape};

/// Sorts types by name, boxes those that contain themselves, and puts each into the module of the
/// only group that uses it. `roots` are the types that each group's operations use, `sent` those
/// that arguments use. Types that nothing uses are left out: those of an argument that became something
/// else. The second part maps old indices to new ones.
pub fn arrange(
    types: Vec<TypeDef>,
    roots: &IndexMap<String, Vec<usize>>,
    sent: Vec<usize>,
) -> (Vec<TypeDef>, Vec<usize>) {
    let mut types = types;
    mark_sent(&mut types, sent);
    let edges: Vec<Vec<usize>> = types.iter().map(references).collect();
    for (module, used) in roots {
        let mut open = used.clone();
        let mut seen = vec![false; types.len()];
        while let Some(index) = open.pop() {
            let Some(flag) = seen.get_mut(index) else {
                continue;
            };
            if std::mem::replace(flag, true) {
                continue;
            }
            open.extend(edges.get(index).into_iter().flatten().copied());
            if let Some(definition) = types.get_mut(index) {
                definition.module = match definition.module.as_str() {
                    "" => module.clone(),
                    same if same == module => continue,
                    _ => "shared".to_owned(),
                };
            }
        }
    }
    let cyclic = direct_cycles(&types);
    for (index, definition) in types.iter_mut().enumerate() {
        if let TypeShape::Struct { fields, .. } = &mut definition.shape {
            for field in fields {
                box_cycle(
                    &mut field.ty,
                    cyclic.get(index).copied().unwrap_or_default(),
                    &cyclic,
                );
            }
        }
    }
    let is_used = |index: &usize| types.get(*index).is_some_and(|t| !t.module.is_empty());
    let mut order: Vec<usize> = (0..types.len()).filter(is_used).collect();
    order.sort_by(|a, b| {
        types
            .get(*a)
            .map(|t| &t.name)
            .cmp(&types.get(*b).map(|t| &t.name))
    });
    let mut new_index = vec![0usize; types.len()];
    for (new, &old) in order.iter().enumerate() {
        if let Some(slot) = new_index.get_mut(old) {
            *slot = new;
        }
    }
    let mut sorted: Vec<TypeDef> = order
        .iter()
        .filter_map(|&i| types.get(i).cloned())
        .collect();
    for definition in &mut sorted {
        if let TypeShape::Struct { fields, additional } = &mut definition.shape {
            for field in fields {
                renumber(&mut field.ty, &new_index);
            }
            if let Some((_, ty)) = additional {
                renumber(ty, &new_index);
            }
        }
    }
    (sorted, new_index)
}

fn mark_sent(types: &mut [TypeDef], mut open: Vec<usize>) {
    while let Some(index) = open.pop() {
        if let Some(definition) = types.get_mut(index)
            && !std::mem::replace(&mut definition.sent, true)
        {
            open.extend(references(definition));
        }
    }
}

/// Replaces old indices by new ones.
pub fn renumber(ty: &mut TypeRef, new_index: &[usize]) {
    match ty {
        TypeRef::Named(index) | TypeRef::Boxed(index) => {
            *index = new_index.get(*index).copied().unwrap_or(*index);
        }
        TypeRef::List(inner) | TypeRef::Map(inner) | TypeRef::Nullable(inner) => {
            renumber(inner, new_index)
        }
        _ => {}
    }
}

fn references(definition: &TypeDef) -> Vec<usize> {
    match &definition.shape {
        TypeShape::Struct { fields, additional } => fields
            .iter()
            .map(|f| &f.ty)
            .chain(additional.iter().map(|(_, ty)| ty))
            .filter_map(TypeRef::named)
            .collect(),
        TypeShape::Enum { .. } => Vec::new(),
    }
}

fn direct(ty: &TypeRef) -> Option<usize> {
    match ty {
        TypeRef::Named(index) => Some(*index),
        TypeRef::Nullable(inner) => direct(inner),
        _ => None,
    }
}

fn box_cycle(ty: &mut TypeRef, own: usize, groups: &[usize]) {
    match ty {
        TypeRef::Named(index) if own != 0 && groups.get(*index) == Some(&own) => {
            *ty = TypeRef::Boxed(*index);
        }
        TypeRef::Nullable(inner) => box_cycle(inner, own, groups),
        _ => {}
    }
}

/// Numbers the groups of types that contain each other without a `Vec` or a map in between; 0 is
/// none. Tarjan's strongly connected components, without recursion.
fn direct_cycles(types: &[TypeDef]) -> Vec<usize> {
    let edges: Vec<Vec<usize>> = types
        .iter()
        .map(|definition| match &definition.shape {
            TypeShape::Struct { fields, .. } => {
                fields.iter().filter_map(|f| direct(&f.ty)).collect()
            }
            TypeShape::Enum { .. } => Vec::new(),
        })
        .collect();
    let mut graph = Tarjan {
        edges,
        ..Tarjan::default()
    };
    graph.number = vec![0; types.len()];
    graph.low = vec![0; types.len()];
    graph.on_stack = vec![false; types.len()];
    graph.group = vec![0; types.len()];
    for start in 0..types.len() {
        graph.visit(start);
    }
    graph.group
}

#[derive(Default)]
struct Tarjan {
    edges: Vec<Vec<usize>>,
    number: Vec<usize>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    group: Vec<usize>,
    next: usize,
    groups: usize,
}

impl Tarjan {
    fn at(list: &[usize], index: usize) -> usize {
        list.get(index).copied().unwrap_or_default()
    }

    fn set<T>(list: &mut [T], index: usize, value: T) {
        if let Some(slot) = list.get_mut(index) {
            *slot = value;
        }
    }

    fn visit(&mut self, start: usize) {
        if Self::at(&self.number, start) != 0 {
            return;
        }
        let mut work = vec![(start, 0usize)];
        while let Some((node, edge)) = work.pop() {
            if edge == 0 {
                self.next = self.next.saturating_add(1);
                Self::set(&mut self.number, node, self.next);
                Self::set(&mut self.low, node, self.next);
                Self::set(&mut self.on_stack, node, true);
                self.stack.push(node);
            }
            if let Some(&target) = self.edges.get(node).and_then(|e| e.get(edge)) {
                work.push((node, edge.saturating_add(1)));
                if Self::at(&self.number, target) == 0 {
                    work.push((target, 0));
                } else if self.on_stack.get(target) == Some(&true) {
                    let low = Self::at(&self.low, node).min(Self::at(&self.number, target));
                    Self::set(&mut self.low, node, low);
                }
                continue;
            }
            if let Some(&(parent, _)) = work.last() {
                let low = Self::at(&self.low, parent).min(Self::at(&self.low, node));
                Self::set(&mut self.low, parent, low);
            }
            if Self::at(&self.low, node) == Self::at(&self.number, node) {
                self.close(node);
            }
        }
    }

    fn close(&mut self, root: usize) {
        let from = self
            .stack
            .iter()
            .rposition(|&n| n == root)
            .unwrap_or_default();
        let members = self.stack.split_off(from);
        let own_loop = self.edges.get(root).is_some_and(|e| e.contains(&root));
        if members.len() > 1 || own_loop {
            self.groups = self.groups.saturating_add(1);
        }
        for member in &members {
            Self::set(&mut self.on_stack, *member, false);
            if members.len() > 1 || own_loop {
                let groups = self.groups;
                Self::set(&mut self.group, *member, groups);
            }
        }
    }
}
