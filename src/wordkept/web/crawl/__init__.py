"""Crawl: what a website really has a browser keep and load, seen in a browser and judged by its policy."""
