"""The program's door: `flask --app app …`, a WSGI server's `app:app`, or `python app.py`."""

from ejd.application import create_app

app = create_app()

if __name__ == "__main__":
    from ejd.serving import serve

    serve()
