"""the whole journal: plans, results, closing, excuses, notes, files, and what the first tables lacked for them"""

import sqlalchemy as sa
from alembic import op

from ejd.db import append_only_ddl

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Before its references exist: SQLite copies the table, to be rid of a constraint.
    with op.batch_alter_table('homework', schema=None) as batch_op:
        batch_op.add_column(sa.Column('named', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('minutes', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_homework_lesson_id'), type_='unique')
        batch_op.create_index('ix_homework_lesson', ['lesson_id'], unique=False)
        batch_op.create_index('uq_homework_of_class', ['lesson_id'], unique=True, sqlite_where=sa.text('NOT named'), postgresql_where=sa.text('NOT named'))
        batch_op.create_index('ix_homework_due_on', ['due_on'], unique=False, sqlite_where=sa.text('due_on IS NOT NULL'), postgresql_where=sa.text('due_on IS NOT NULL'))
    # «не задано» is told at the group's next lesson: it is due there, as any homework.
    op.execute("""UPDATE homework SET due_lesson_id = (
        SELECT following.id FROM lesson AS mine JOIN lesson AS following
        ON following.course_id = mine.course_id AND following.day > mine.day AND following.state = 'planned'
        WHERE mine.id = homework.lesson_id ORDER BY following.day, following.number LIMIT 1)
        WHERE not_set AND due_lesson_id IS NULL""")

    op.create_table('stored_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('media_type', sa.String(length=100), nullable=False),
    sa.Column('stored_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stored_file')),
    sa.UniqueConstraint('sha256', name=op.f('uq_stored_file_sha256'))
    )
    op.create_table('excuse',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('first_number', sa.Integer(), nullable=True),
    sa.Column('last_number', sa.Integer(), nullable=True),
    sa.Column('code', sa.String(length=1), nullable=False),
    sa.Column('certificate', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('word', sa.String(length=300), nullable=False),
    sa.Column('answer', sa.String(length=300), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("code IN ('н','б','у')", name=op.f('ck_excuse_code')),
    sa.CheckConstraint("state IN ('announced','accepted','declined','withdrawn')", name=op.f('ck_excuse_state')),
    sa.CheckConstraint('from_on <= to_on', name=op.f('ck_excuse_days')),
    sa.ForeignKeyConstraint(['decided_by_id'], ['person.id'], name=op.f('fk_excuse_decided_by_id_person')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person.id'], name=op.f('fk_excuse_made_by_id_person')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_excuse_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_excuse')),
    sa.UniqueConstraint('key', name=op.f('uq_excuse_key'))
    )
    with op.batch_alter_table('excuse', schema=None) as batch_op:
        batch_op.create_index('ix_excuse_pupil', ['pupil_id', 'from_on'], unique=False)

    op.create_table('lesson_feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_lesson_feed_owner_id_person')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_lesson_feed_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lesson_feed')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_lesson_feed_token_hash'))
    )
    with op.batch_alter_table('lesson_feed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lesson_feed_owner_id'), ['owner_id'], unique=False)

    op.create_table('moved_day',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('year_id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('weekday', sa.Integer(), nullable=False),
    sa.Column('first_grade', sa.Integer(), nullable=False),
    sa.Column('last_grade', sa.Integer(), nullable=False),
    sa.CheckConstraint('weekday BETWEEN 1 AND 7', name=op.f('ck_moved_day_weekday')),
    sa.ForeignKeyConstraint(['year_id'], ['school_year.id'], name=op.f('fk_moved_day_year_id_school_year')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moved_day'))
    )
    with op.batch_alter_table('moved_day', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moved_day_year_id'), ['year_id'], unique=False)

    op.create_table('teacher_absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('teacher_id', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(length=100), nullable=False),
    sa.Column('noted_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('noted_by_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['noted_by_id'], ['person.id'], name=op.f('fk_teacher_absence_noted_by_id_person')),
    sa.ForeignKeyConstraint(['teacher_id'], ['person.id'], name=op.f('fk_teacher_absence_teacher_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_teacher_absence'))
    )
    with op.batch_alter_table('teacher_absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_teacher_absence_teacher_id'), ['teacher_id'], unique=False)

    op.create_table('week_acknowledged',
    sa.Column('guardian_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('monday', sa.Date(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['guardian_id'], ['person.id'], name=op.f('fk_week_acknowledged_guardian_id_person')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_week_acknowledged_pupil_id_person')),
    sa.PrimaryKeyConstraint('guardian_id', 'pupil_id', 'monday', name=op.f('pk_week_acknowledged'))
    )
    with op.batch_alter_table('week_acknowledged', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_week_acknowledged_pupil_id'), ['pupil_id'], unique=False)

    op.create_table('behaviour_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=True),
    sa.Column('value', sa.String(length=20), nullable=True),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=False),
    sa.Column('last_key', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_behaviour_mark_class_id_school_class')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_behaviour_mark_entered_by_id_person')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_behaviour_mark_pupil_id_person')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_behaviour_mark_term_id_term')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_behaviour_mark'))
    )
    with op.batch_alter_table('behaviour_mark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_behaviour_mark_class_id'), ['class_id'], unique=False)
        batch_op.create_index('uq_behaviour_mark_term', ['pupil_id', 'class_id', 'term_id'], unique=True, sqlite_where=sa.text('term_id IS NOT NULL'), postgresql_where=sa.text('term_id IS NOT NULL'))
        batch_op.create_index('uq_behaviour_mark_year', ['pupil_id', 'class_id'], unique=True, sqlite_where=sa.text('term_id IS NULL'), postgresql_where=sa.text('term_id IS NULL'))

    op.create_table('term_closing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('closed_by_id', sa.Integer(), nullable=False),
    sa.Column('early', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('blocked', sa.Integer(), nullable=False),
    sa.Column('blocked_works', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_term_closing_class_id_school_class')),
    sa.ForeignKeyConstraint(['closed_by_id'], ['person.id'], name=op.f('fk_term_closing_closed_by_id_person')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_term_closing_term_id_term')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_term_closing')),
    sa.UniqueConstraint('class_id', 'term_id', name=op.f('uq_term_closing_class_id_term_id'))
    )
    with op.batch_alter_table('term_closing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_term_closing_term_id'), ['term_id'], unique=False)

    op.create_table('plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_plan_course_id_course')),
    sa.ForeignKeyConstraint(['created_by_id'], ['person.id'], name=op.f('fk_plan_created_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan')),
    sa.UniqueConstraint('course_id', name=op.f('uq_plan_course_id'))
    )
    op.create_table('reopening',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=True),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('term_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=False),
    sa.Column('until_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_reopening_class_id_school_class')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_reopening_course_id_course')),
    sa.ForeignKeyConstraint(['opened_by_id'], ['person.id'], name=op.f('fk_reopening_opened_by_id_person')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_reopening_term_id_term')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reopening')),
    sa.UniqueConstraint('key', name=op.f('uq_reopening_key'))
    )
    with op.batch_alter_table('reopening', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reopening_class_id'), ['class_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reopening_course_id'), ['course_id'], unique=False)

    op.create_table('scheme_of_term',
    sa.Column('course_id', sa.Integer(), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=False),
    sa.Column('scheme', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_scheme_of_term_course_id_course')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_scheme_of_term_term_id_term')),
    sa.PrimaryKeyConstraint('course_id', 'term_id', name=op.f('pk_scheme_of_term'))
    )
    op.create_table('term_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=True),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('course_id', sa.Integer(), nullable=True),
    sa.Column('year_id', sa.Integer(), nullable=False),
    sa.Column('period', sa.String(length=10), nullable=False),
    sa.Column('term_id', sa.Integer(), nullable=True),
    sa.Column('value', sa.String(length=5), nullable=True),
    sa.Column('suggested', sa.String(length=5), nullable=True),
    sa.Column('average', sa.String(length=20), nullable=False),
    sa.Column('marks', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('entered_on', sa.Date(), nullable=False),
    sa.Column('entered_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('after_closing', sa.Boolean(), nullable=False),
    sa.Column('last_key', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(period = 'term') = (term_id IS NOT NULL)", name=op.f('ck_term_mark_term')),
    sa.CheckConstraint("period IN ('term','year','exam','final')", name=op.f('ck_term_mark_period')),
    sa.CheckConstraint("value IN ('5','4','3','2','1','зач','незач','осв','н/а')", name=op.f('ck_term_mark_value')),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_term_mark_class_id_school_class')),
    sa.ForeignKeyConstraint(['course_id'], ['course.id'], name=op.f('fk_term_mark_course_id_course')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['person.id'], name=op.f('fk_term_mark_entered_by_id_person')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_term_mark_pupil_id_person')),
    sa.ForeignKeyConstraint(['subject_id'], ['subject.id'], name=op.f('fk_term_mark_subject_id_subject')),
    sa.ForeignKeyConstraint(['term_id'], ['term.id'], name=op.f('fk_term_mark_term_id_term')),
    sa.ForeignKeyConstraint(['year_id'], ['school_year.id'], name=op.f('fk_term_mark_year_id_school_year')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_term_mark'))
    )
    with op.batch_alter_table('term_mark', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_term_mark_class_id'), ['class_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_term_mark_course_id'), ['course_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_term_mark_term_id'), ['term_id'], unique=False)
        batch_op.create_index('uq_term_mark_term', ['pupil_id', 'subject_id', 'term_id'], unique=True, sqlite_where=sa.text('term_id IS NOT NULL'), postgresql_where=sa.text('term_id IS NOT NULL'))
        batch_op.create_index('uq_term_mark_year', ['pupil_id', 'subject_id', 'year_id', 'period'], unique=True, sqlite_where=sa.text('term_id IS NULL'), postgresql_where=sa.text('term_id IS NULL'))

    op.create_table('plan_topic',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('section', sa.String(length=200), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('hours', sa.Integer(), nullable=False),
    sa.Column('homework', sa.Text(), nullable=False),
    sa.Column('kind_id', sa.Integer(), nullable=True),
    sa.Column('dropped', sa.Boolean(), nullable=False),
    sa.CheckConstraint('hours BETWEEN 1 AND 99', name=op.f('ck_plan_topic_hours')),
    sa.ForeignKeyConstraint(['kind_id'], ['work_kind.id'], name=op.f('fk_plan_topic_kind_id_work_kind')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_topic_plan_id_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_topic'))
    )
    with op.batch_alter_table('plan_topic', schema=None) as batch_op:
        batch_op.create_index('ix_plan_topic_order', ['plan_id', 'position'], unique=False)

    op.create_table('term_mark_correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('term_mark_id', sa.Integer(), nullable=False),
    sa.Column('before', sa.String(length=5), nullable=False),
    sa.Column('after', sa.String(length=5), nullable=False),
    sa.Column('after_closing', sa.Boolean(), nullable=False),
    sa.Column('corrected_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('corrected_on', sa.Date(), nullable=False),
    sa.Column('corrected_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['corrected_by_id'], ['person.id'], name=op.f('fk_term_mark_correction_corrected_by_id_person')),
    sa.ForeignKeyConstraint(['term_mark_id'], ['term_mark.id'], name=op.f('fk_term_mark_correction_term_mark_id_term_mark')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_term_mark_correction'))
    )
    with op.batch_alter_table('term_mark_correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_term_mark_correction_term_mark_id'), ['term_mark_id'], unique=False)

    op.create_table('lesson_topic',
    sa.Column('lesson_id', sa.Integer(), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_lesson_topic_lesson_id_lesson')),
    sa.ForeignKeyConstraint(['topic_id'], ['plan_topic.id'], name=op.f('fk_lesson_topic_topic_id_plan_topic')),
    sa.PrimaryKeyConstraint('lesson_id', 'topic_id', name=op.f('pk_lesson_topic'))
    )
    with op.batch_alter_table('lesson_topic', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_lesson_topic_topic_id'), ['topic_id'], unique=False)

    op.create_table('note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('class_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('lesson_id', sa.Integer(), nullable=True),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('whole_class', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_note_author_id_person')),
    sa.ForeignKeyConstraint(['class_id'], ['school_class.id'], name=op.f('fk_note_class_id_school_class')),
    sa.ForeignKeyConstraint(['lesson_id'], ['lesson.id'], name=op.f('fk_note_lesson_id_lesson')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note')),
    sa.UniqueConstraint('key', name=op.f('uq_note_key'))
    )
    with op.batch_alter_table('note', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_note_author_id'), ['author_id'], unique=False)
        batch_op.create_index('ix_note_class', ['class_id', 'written_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_note_lesson_id'), ['lesson_id'], unique=False)

    op.create_table('homework_done',
    sa.Column('homework_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['homework_id'], ['homework.id'], name=op.f('fk_homework_done_homework_id_homework')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_homework_done_pupil_id_person')),
    sa.PrimaryKeyConstraint('homework_id', 'pupil_id', name=op.f('pk_homework_done'))
    )
    with op.batch_alter_table('homework_done', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_homework_done_pupil_id'), ['pupil_id'], unique=False)

    op.create_table('homework_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('homework_id', sa.Integer(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('attached_by_id', sa.Integer(), nullable=False),
    sa.Column('attached_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('removed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['attached_by_id'], ['person.id'], name=op.f('fk_homework_file_attached_by_id_person')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_homework_file_file_id_stored_file')),
    sa.ForeignKeyConstraint(['homework_id'], ['homework.id'], name=op.f('fk_homework_file_homework_id_homework')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_homework_file'))
    )
    with op.batch_alter_table('homework_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_homework_file_homework_id'), ['homework_id'], unique=False)

    op.create_table('homework_pupil',
    sa.Column('homework_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['homework_id'], ['homework.id'], name=op.f('fk_homework_pupil_homework_id_homework')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_homework_pupil_pupil_id_person')),
    sa.PrimaryKeyConstraint('homework_id', 'pupil_id', name=op.f('pk_homework_pupil'))
    )
    with op.batch_alter_table('homework_pupil', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_homework_pupil_pupil_id'), ['pupil_id'], unique=False)

    op.create_table('note_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.Column('guardian_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['guardian_id'], ['person.id'], name=op.f('fk_note_answer_guardian_id_person')),
    sa.ForeignKeyConstraint(['note_id'], ['note.id'], name=op.f('fk_note_answer_note_id_note')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_note_answer_pupil_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_note_answer')),
    sa.UniqueConstraint('key', name=op.f('uq_note_answer_key'))
    )
    with op.batch_alter_table('note_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_note_answer_guardian_id'), ['guardian_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_note_answer_note_id'), ['note_id'], unique=False)

    op.create_table('note_recipient',
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('pupil_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['note_id'], ['note.id'], name=op.f('fk_note_recipient_note_id_note')),
    sa.ForeignKeyConstraint(['pupil_id'], ['person.id'], name=op.f('fk_note_recipient_pupil_id_person')),
    sa.PrimaryKeyConstraint('note_id', 'pupil_id', name=op.f('pk_note_recipient'))
    )
    with op.batch_alter_table('note_recipient', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_note_recipient_pupil_id'), ['pupil_id'], unique=False)

    op.create_table('work_criterion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('work_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_work_criterion_work_id_work')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_criterion'))
    )
    with op.batch_alter_table('work_criterion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_criterion_work_id'), ['work_id'], unique=False)

    op.create_table('criterion_score',
    sa.Column('mark_id', sa.Integer(), nullable=False),
    sa.Column('criterion_id', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['criterion_id'], ['work_criterion.id'], name=op.f('fk_criterion_score_criterion_id_work_criterion')),
    sa.ForeignKeyConstraint(['mark_id'], ['mark.id'], name=op.f('fk_criterion_score_mark_id_mark')),
    sa.PrimaryKeyConstraint('mark_id', 'criterion_id', name=op.f('pk_criterion_score'))
    )

    add_reference('attendance', 'excuse_id', 'excuse', index=True)
    op.add_column('course', sa.Column('kind', sa.String(length=10), server_default='lessons', nullable=False))
    op.add_column('course', sa.Column('term_scheme', sa.String(length=20), nullable=True))
    add_reference('course', 'bell_schedule_id', 'bell_schedule')
    add_reference('day_off', 'class_id', 'school_class')
    op.add_column('enrolment', sa.Column('came_from', sa.String(length=200), server_default='', nullable=False))
    op.create_index('ix_lesson_slot_id', 'lesson', ['slot_id'], unique=False)
    add_reference('lesson', 'moved_to_id', 'lesson', index=True)
    add_reference('lesson', 'merged_into_id', 'lesson', index=True)
    op.add_column('lesson', sa.Column('remote', sa.Boolean(), server_default=sa.false(), nullable=False))
    add_reference('mark', 'retakes_id', 'mark')
    one_stands = sa.text('retakes_id IS NOT NULL AND withdrawn_at IS NULL')
    op.create_index('uq_mark_retakes_id', 'mark', ['retakes_id'], unique=True, sqlite_where=one_stands,
                    postgresql_where=one_stands)
    op.add_column('mark', sa.Column('after_closing', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('mark_correction',
                  sa.Column('after_closing', sa.Boolean(), server_default=sa.false(), nullable=False))
    add_reference('school_class', 'follows_id', 'school_class')
    op.create_index('ix_expectation_closed', 'expectation', ['received_on'],
                    sqlite_where=sa.text("awaiting = 'closed'"), postgresql_where=sa.text("awaiting = 'closed'"))
    op.add_column('school_year', sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('work', sa.Column('minutes', sa.Integer(), nullable=True))
    op.add_column('work', sa.Column('assessment', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('work', sa.Column('series', sa.String(length=60), server_default='', nullable=False))
    op.add_column('work_kind', sa.Column('retired', sa.Boolean(), server_default=sa.false(), nullable=False))
    dialect = op.get_context().dialect.name
    for statement in append_only_ddl('term_mark_correction', dialect):
        op.execute(statement)


def add_reference(table: str, column: str, target: str, *, index: bool = False) -> None:
    """A nullable column that names another table's row. In one statement that both databases know: Alembic's way
    would copy the whole table in SQLite, and lose its triggers."""
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER "
               f"CONSTRAINT fk_{table}_{column}_{target} REFERENCES {target} (id)")
    if index:
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    raise NotImplementedError("forward only: the way back is the backup")
