"""What hangs on terms: asked before one is taken away or moved, and before a class divides its year otherwise."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, union_all

from ejd.db import Session
from ejd.journal.models import Reopening, TermClosing
from ejd.results.models import TermMark
from ejd.roster.models import SchemeOfTerm, SchoolClass
from ejd.school.models import Term


def terms_with_facts(session: Session, term_ids: Collection[int]) -> set[int]:
    """The terms for which a mark was set, a journal closed or reopened, or marked otherwise. One statement."""
    if not term_ids:
        return set()
    hanging = (select(column).where(column.in_(term_ids)) for column in (
        TermMark.term_id, TermClosing.term_id, Reopening.term_id, SchemeOfTerm.term_id))
    return {term_id for term_id in session.scalars(union_all(*hanging)) if term_id is not None}


def closed_terms(session: Session, term_ids: Collection[int]) -> set[int]:
    """The terms that are closed for some class (R8). One statement."""
    return set(session.scalars(select(TermClosing.term_id).where(TermClosing.term_id.in_(term_ids)).distinct()))


def classes_with_results(session: Session, class_ids: Collection[int]) -> set[int]:
    """The classes that have marks for terms of their scheme, or have closed one. One statement."""
    if not class_ids:
        return set()
    own = (Term.scheme == SchoolClass.term_scheme) & SchoolClass.id.in_(class_ids)
    marked = (select(SchoolClass.id).join(TermMark, TermMark.class_id == SchoolClass.id)
              .join(Term, Term.id == TermMark.term_id).where(own, TermMark.value.is_not(None)))
    closed = (select(SchoolClass.id).join(TermClosing, TermClosing.class_id == SchoolClass.id)
              .join(Term, Term.id == TermClosing.term_id).where(own))
    return set(session.scalars(union_all(marked, closed)))
