"""The program's door: `flask --app app …`, a WSGI server's `app:app`, or `python app.py`."""

import gc

gc.disable()  # what is loaded now stays: looking for garbage in it takes a quarter of the start

from ejd.application import create_app  # noqa: E402

if __name__ == "__main__":
    from ejd.serving import serve

    serve()
else:
    app = create_app()
    gc.enable()
